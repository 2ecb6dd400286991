/** The first step: the user, and the server's URL. */
import { Alert, Paper, Stack, TextInput, Title } from '@mantine/core';
import { IconDeviceMobileCheck, IconInfoCircle } from '@tabler/icons-react';
import { AppPicker } from '../parts/app_picker.js';
import { reachabilityOf } from './reachability.js';
import classes from './try_phone.module.css';

interface WhoAndWhereProps {
  readonly app: string;
  readonly onApp: (app: string) => void;
  readonly user: string;
  readonly onUser: (user: string) => void;
  readonly address: string;
  readonly onAddress: (address: string) => void;
}

export function WhoAndWhere({ app, onApp, user, onUser, address, onAddress }: WhoAndWhereProps) {
  const { kind, advice } = reachabilityOf(address);
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="who">
      <Stack gap="md">
        <Title order={2} size="h4" id="who">
          1. Choose a user
        </Title>
        <div className={classes.who}>
          <AppPicker value={app} onChange={onApp} />
          <TextInput
            label="User id"
            value={user}
            onChange={({ currentTarget }) => onUser(currentTarget.value)}
            error={user === '' ? 'Enter any text: it creates the user.' : undefined}
            autoCapitalize="none"
            spellCheck={false}
          />
        </div>
        <TextInput
          label="URL of this server, as the phone reaches it"
          type="url"
          value={address}
          onChange={({ currentTarget }) => onAddress(currentTarget.value)}
          error={kind === 'malformed' ? advice : undefined}
          spellCheck={false}
        />
        {kind !== 'malformed' && (
          <Alert
            variant="light"
            color={kind === 'insecure' ? 'orange' : kind === 'phone' ? 'teal' : 'blue'}
            icon={kind === 'phone' ? <IconDeviceMobileCheck /> : <IconInfoCircle />}
          >
            {advice}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
