/** Sends a test push to a device, and shows the provider's verdict. */
import type { App, Device, TestedPush } from '@badged/client/api';
import { Alert, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../../parts/error_note.js';
import { api } from '../../server/api.js';
import { nullIfNotFound } from '../null_if_not_found.js';

export type Platform = Device['type'];

export interface TestTarget {
  readonly user_id: string;
  readonly device_id: string;
}

interface SendTestProps {
  readonly app: App;
  readonly platform: Platform;
  readonly send: (target: TestTarget) => Promise<TestedPush>;
  readonly onClose: () => void;
}

export function SendTest({ app, platform, send, onClose }: SendTestProps) {
  const [user, setUser] = useState('');
  const [found, setFound] = useState('');
  const { data, error, isFetching } = useQuery({
    queryKey: ['devices', app.id, found],
    queryFn: () => nullIfNotFound(api.listPushTokens({ app_uuid: app.id, user_id: found })),
    enabled: found !== '',
  });
  const devices = data?.filter(({ type }) => type === platform);
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setFound(user);
        }}
      >
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label="User id"
            description="The user whose device gets the push."
            flex={1}
            value={user}
            onChange={({ currentTarget }) => setUser(currentTarget.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            data-autofocus
          />
          <Button type="submit" variant="default" loading={isFetching && data === undefined}>
            Find devices
          </Button>
        </Group>
      </form>
      {error !== null && <ErrorNote error={error} />}
      {(data === null || devices?.length === 0) && (
        <Text size="sm">
          <b>{found}</b> has no device on this platform. See “Register a device” in the API reference.
        </Text>
      )}
      {devices !== undefined && devices.length > 0 ? (
        <ToDevice key={found} user={found} devices={devices} send={send} onClose={onClose} />
      ) : (
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface ToDeviceProps extends Pick<SendTestProps, 'send' | 'onClose'> {
  readonly user: string;
  readonly devices: readonly Device[];
}

function ToDevice({ user, devices, send, onClose }: ToDeviceProps) {
  const [chosen, setChosen] = useState(devices[0]?.device_id ?? null);
  const attempt = useMutation({
    mutationFn: (device: string) => send({ user_id: user, device_id: device }),
  });
  return (
    <Stack>
      <Select
        label="Device"
        value={chosen}
        onChange={setChosen}
        allowDeselect={false}
        data={devices.map(({ device_id, badge }) => ({
          value: device_id,
          label: badge === null ? device_id : `${device_id}, showing ${badge}`,
        }))}
      />
      <div aria-live="polite">
        {attempt.error !== null && <ErrorNote error={attempt.error} />}
        {attempt.data !== undefined && <Verdict tested={attempt.data} />}
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          disabled={chosen === null}
          loading={attempt.isPending}
          onClick={() => chosen !== null && attempt.mutate(chosen)}
        >
          {attempt.isIdle ? 'Send a test' : 'Send another'}
        </Button>
      </Group>
    </Stack>
  );
}

const verdicts = {
  delivered: { color: 'teal', text: 'The provider accepted the push' },
  retry: { color: 'yellow', text: 'The provider is unreachable or busy' },
  gone: { color: 'red', text: 'The device is no longer registered with the provider' },
  rejected: { color: 'red', text: 'The provider refused this push' },
  misconfigured: { color: 'red', text: 'The provider refused these credentials' },
} as const;

function Verdict({ tested: { verdict, reason, badge } }: { readonly tested: TestedPush }) {
  const { color, text } = verdicts[verdict];
  return (
    <Alert
      color={color}
      icon={verdict === 'delivered' ? <IconCheck /> : <IconAlertTriangle />}
      title={text}
      data-verdict={verdict}
    >
      {reason !== null && <Text size="sm">Reason: {reason}</Text>}
      <Text size="sm">
        {badge === null ? 'The push had no badge: badges are disabled.' : `The push had the badge ${badge}.`}
      </Text>
    </Alert>
  );
}
