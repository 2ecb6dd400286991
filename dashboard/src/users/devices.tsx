/** A user's devices: the last number that each accepted, and whether it is the current badge. */
import type { Device, Badge as UserBadge } from '@badged/client/api';
import { Anchor, Badge, Code, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconBrandAndroid, IconBrandApple, IconWorld } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ErrorNote } from '../parts/error_note.js';
import { api } from '../server/api.js';
import { type DeviceStatus, statusOf } from './device_status.js';
import { TimeAgo } from './time_ago.js';
import classes from './users.module.css';

interface DevicesProps {
  readonly app: string;
  readonly user: string;
  /** Undefined while it loads. */
  readonly badge: UserBadge | undefined;
}

/** No event reports an accepted push, so the list is polled while it is visible. */
const refreshMs = 1_000;

export function useDevices(app: string, user: string) {
  return useQuery({
    queryKey: ['of-user', app, user, 'devices'],
    queryFn: () => api.listPushTokens({ app_uuid: app, user_id: user }),
    refetchInterval: refreshMs,
  });
}

export function Devices({ app, user, badge }: DevicesProps) {
  const { data: devices, error } = useDevices(app, user);
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="devices">
      <Stack gap="xs">
        <Title order={2} size="h4" id="devices">
          Devices
        </Title>
        {error !== null && <ErrorNote error={error} />}
        {devices === undefined && error === null && <Skeleton h={80} />}
        {devices?.length === 0 && (
          <Text c="dimmed">
            No device is registered. Register one from your client, or{' '}
            <Anchor component={Link} underline="always" href={`/try/${app}`}>
              try it on your phone
            </Anchor>
            .
          </Text>
        )}
        <ul className={classes.list}>
          {devices?.map((device) => (
            <Row key={device.device_id} device={device} badge={badge} />
          ))}
        </ul>
        {devices !== undefined && devices.length > 0 && (
          <Text size="sm" c="dimmed">
            Push tokens are secret and never shown. The state of push delivery is under{' '}
            <Anchor component={Link} underline="always" href={`/apps/${app}/push`} size="sm">
              push credentials
            </Anchor>
            .
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

const platforms = {
  apns: { name: 'Apple (APNs)', Icon: IconBrandApple },
  fcm: { name: 'Android (FCM)', Icon: IconBrandAndroid },
  webpush: { name: 'Browser (Web Push)', Icon: IconWorld },
} as const;

const colors: Readonly<Record<DeviceStatus['kind'], string>> = {
  current: 'teal',
  unknown: 'gray',
  differs: 'orange',
  untouched: 'gray',
};

function Row({ device, badge }: { readonly device: Device; readonly badge: UserBadge | undefined }) {
  const { name, Icon } = platforms[device.type];
  const status = badge && statusOf(device, badge.badge);
  return (
    <li className={classes.row}>
      <Icon size={28} stroke={1.5} aria-hidden />
      <div className={classes.about}>
        <Group gap="xs">
          <Text fw={500}>{name}</Text>
          {device.apns_environment !== undefined && (
            <Badge variant="default" tt="none">
              {device.apns_environment}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className={classes.anywhere ?? ''}>
          <Code>{device.device_id}</Code>
          {device.apns_bundle_id !== undefined && ` · ${device.apns_bundle_id}`} · registered{' '}
          <TimeAgo at={device.registered_at} />
        </Text>
        {status !== undefined && status.kind !== 'current' && <Text size="sm">{status.why}</Text>}
      </div>
      <div>
        <Text fw={600}>{device.badge === null ? 'Shows: unknown' : `Shows ${device.badge}`}</Text>
        {device.badge_accepted_at !== null && (
          <Text size="sm" c="dimmed">
            {device.badge === null ? 'accepted one ' : 'accepted '}
            <TimeAgo at={device.badge_accepted_at} />
          </Text>
        )}
      </div>
      {status !== undefined && (
        <Badge variant="dot" color={colors[status.kind]} tt="none">
          {status.title}
        </Badge>
      )}
    </li>
  );
}
