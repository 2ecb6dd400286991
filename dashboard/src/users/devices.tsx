/** A user's devices: what each accepted last and when, and whether that is the badge. */
import type { Device, Badge as UserBadge } from '@badged/client/api';
import { Anchor, Badge, Code, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconBrandAndroid, IconBrandApple, IconWorld } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ErrorNote } from '../parts/error_note.js';
import { api } from '../server/api.js';
import { type Standing, standingOf } from './device_standing.js';
import { TimeAgo } from './time_ago.js';
import classes from './users.module.css';

interface DevicesProps {
  readonly app: string;
  readonly user: string;
  /** Undefined until it is known. */
  readonly badge: UserBadge | undefined;
}

/** No event tells that a push was accepted, so it is asked for, as long as somebody looks. */
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
            None is registered, so nothing is pushed. Register one from your client, or{' '}
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
            Addresses are never shown: who knows one can push to it. Whether pushes go out is under{' '}
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

const colors: Readonly<Record<Standing['kind'], string>> = {
  current: 'teal',
  unknown: 'gray',
  differs: 'orange',
  untouched: 'gray',
};

function Row({ device, badge }: { readonly device: Device; readonly badge: UserBadge | undefined }) {
  const { name, Icon } = platforms[device.type];
  const standing = badge && standingOf(device, badge.badge);
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
        {standing !== undefined && standing.kind !== 'current' && <Text size="sm">{standing.why}</Text>}
      </div>
      <div>
        <Text fw={600}>{device.badge === null ? 'Shows: not known' : `Shows ${device.badge}`}</Text>
        {device.badge_accepted_at !== null && (
          <Text size="sm" c="dimmed">
            {device.badge === null ? 'accepted one ' : 'accepted '}
            <TimeAgo at={device.badge_accepted_at} />
          </Text>
        )}
      </div>
      {standing !== undefined && (
        <Badge variant="dot" color={colors[standing.kind]} tt="none">
          {standing.title}
        </Badge>
      )}
    </li>
  );
}
