/** The second step: the link for the phone, as a QR code. */
import { Anchor, Button, Group, List, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '../parts/copy_button.js';
import { ErrorNote } from '../parts/error_note.js';
import { phoneUrl } from '../phone/phone_link.js';
import { type Made, makeKeys, makeLink } from './phone_link_maker.js';
import { QrCode } from './qr_code.js';
import { reachabilityOf } from './reachability.js';
import classes from './try_phone.module.css';

interface ScanCardProps {
  readonly app: string;
  readonly appName: string;
  readonly user: string;
  readonly address: string;
}

export function ScanCard({ app, appName, user, address }: ScanCardProps) {
  const isPossible = user !== '' && reachabilityOf(address).kind !== 'malformed';
  const making = useMutation({ mutationFn: () => makeLink({ app, user }) });
  const { data: made } = making;
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="scan">
      <Stack gap="md">
        <Title order={2} size="h4" id="scan">
          2. Scan the code
        </Title>
        {making.error !== null && <ErrorNote error={making.error} />}
        {made === undefined && (
          <div className={classes.waiting}>
            <IconQrcode size={56} stroke={1.2} aria-hidden />
            <Text c="dimmed" maw={340}>
              The link signs the phone in as this user, for their badge only.
            </Text>
            <Button onClick={() => making.mutate()} loading={making.isPending} disabled={!isPossible}>
              Create the link
            </Button>
          </div>
        )}
        {made === 'needs_keys' && (
          <KeysForm app={app} appName={appName} address={address} onDone={() => making.mutateAsync()} />
        )}
        {typeof made === 'object' && <Linked made={made} address={address} />}
      </Stack>
    </Paper>
  );
}

function Linked({ made, address }: { readonly made: Exclude<Made, 'needs_keys'>; readonly address: string }) {
  if (reachabilityOf(address).kind === 'malformed')
    return <Text c="dimmed">Enter a URL that the phone can open to see the code.</Text>;
  const url = phoneUrl(address, made.link);
  return (
    <>
      <QrCode text={url} label={`Code of the link for ${made.link.user}’s phone`} />
      <Group justify="center" gap="xs">
        <Anchor href={url} target="_blank" rel="noreferrer">
          Open here
        </Anchor>
        <CopyButton text={url} what="the link" />
      </Group>
      <List spacing={6} size="sm">
        <List.Item>
          <b>iPhone, iPad</b> (iOS 16.4 or later): add the page to the home screen first, and open it from
          there. Only installed apps get notifications there.
        </List.Item>
        <List.Item>
          <b>Android, or a computer</b>: turn on notifications, then install the page as an app.
        </List.Item>
      </List>
      <Text size="sm" c="dimmed">
        Anyone with the link can see this user’s badge until {new Date(made.expiresAt).toLocaleDateString()}.
        It is valid for 30 days, the maximum, because an installed app cannot get a new one. It is not in the
        server’s log.
      </Text>
    </>
  );
}

interface KeysFormProps {
  readonly app: string;
  readonly appName: string;
  readonly address: string;
  readonly onDone: () => Promise<unknown>;
}

function KeysForm({ app, appName, address, onDone }: KeysFormProps) {
  const [contact, setContact] = useState('');
  const making = useMutation({
    mutationFn: () => makeKeys(app, contact.trim(), `${address.replace(/\/+$/, '')}/phone`),
    onSuccess: onDone,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Stack>
        <Text>
          <b className={classes.anywhere}>{appName}</b> has no Web Push keys yet. The server generates them,
          and signs your pushes with them.
        </Text>
        <TextInput
          label="Your e-mail address"
          description="Push services use it to report problems. It goes to no one else."
          placeholder="you@example.com"
          value={contact}
          onChange={({ currentTarget }) => setContact(currentTarget.value)}
          autoComplete="email"
          required
        />
        {making.error !== null && <ErrorNote error={making.error} />}
        <Button type="submit" loading={making.isPending}>
          Generate keys and create the link
        </Button>
      </Stack>
    </form>
  );
}
