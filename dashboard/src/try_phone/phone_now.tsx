/** The third step: the live badge, buttons to change it, and the state of the phone. */
import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconChecks, IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { AppIcon } from '../parts/app_icon.js';
import { ErrorNote } from '../parts/error_note.js';
import { useLiveBadge } from '../parts/live_badge.js';
import { useDevices } from '../users/devices.js';
import { ago } from '../users/time_ago.js';
import { userPath } from '../users/user_address.js';
import { useUserExists } from '../users/user_exists.js';
import { type PhoneUser, readEverything, sendMessage } from './phone_user.js';
import classes from './try_phone.module.css';

interface PhoneNowProps extends PhoneUser {
  readonly address: string;
}

export function PhoneNow(phone: PhoneNowProps) {
  // Creating the link creates the user; before that, there is no badge to stream.
  const { data: isKnown = false } = useUserExists(phone.app, phone.user, false);
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="now">
      <Stack gap="md">
        <Title order={2} size="h4" id="now">
          3. Change the badge
        </Title>
        {isKnown ? (
          <Now {...phone} />
        ) : (
          <Text c="dimmed">
            Create the link first. Then send a message from here, and watch the phone’s icon.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Now({ app, user, address }: PhoneNowProps) {
  const { badge, error } = useLiveBadge(app, user);
  const sending = useMutation({
    mutationFn: () =>
      sendMessage(
        { app, user },
        `Hello from badged, at ${new Date().toLocaleTimeString()}.`,
        `${address.replace(/\/+$/, '')}/phone`,
      ),
  });
  const reading = useMutation({ mutationFn: () => readEverything({ app, user }) });
  const failed = error ?? sending.error ?? reading.error;
  return (
    <>
      <Group gap="lg">
        <AppIcon badge={badge?.badge ?? null} size={72} />
        <div>
          <div className={classes.number} aria-live="polite" data-testid="phone-badge">
            {badge === undefined ? '…' : (badge.badge ?? 'none')}
          </div>
          <Anchor component={Link} href={userPath(app, user)} size="sm">
            Explain this badge
          </Anchor>
        </div>
      </Group>
      <Group gap="sm">
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          onClick={() => sending.mutate()}
          loading={sending.isPending}
        >
          Send a message
        </Button>
        <Button
          variant="default"
          leftSection={<IconChecks size={16} aria-hidden />}
          onClick={() => reading.mutate()}
          loading={reading.isPending}
        >
          Read everything
        </Button>
      </Group>
      {failed !== null && <ErrorNote error={failed} />}
      <OnThePhone app={app} user={user} />
      <Text size="sm" c="dimmed">
        Browsers do not allow silent pushes: reading clears the phone’s icon at once while the page is open,
        otherwise with the next message.
      </Text>
    </>
  );
}

function OnThePhone({ app, user }: PhoneUser) {
  const { data: devices = [] } = useDevices(app, user);
  const browsers = devices.filter(({ type }) => type === 'webpush');
  const [latest] = browsers;
  if (latest === undefined) return <Text role="status">Waiting for notifications to be turned on…</Text>;
  const { badge, badge_accepted_at } = latest;
  const accepted =
    badge === null || badge_accepted_at === null
      ? 'No push has been accepted yet.'
      : `The phone accepted ${badge}, ${ago(Date.parse(badge_accepted_at), Date.now())}.`;
  return (
    <Text role="status">
      Notifications are on{browsers.length > 1 ? ` on ${browsers.length} devices` : ''}. {accepted}
    </Text>
  );
}
