/** The card of each platform, with its credentials and API operations. */
import type { App } from '@badged/client/api';
import { Code, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CopyButton } from '../../parts/copy_button.js';
import { api } from '../../server/api.js';
import { nullUnlessSetUp } from '../optional_setup.js';
import { ApnsForm } from './apns_form.js';
import { FcmForm } from './fcm_form.js';
import { PlatformCard } from './platform_card.js';
import { WebPushForm } from './webpush_form.js';

interface CardProps {
  readonly app: App;
}

/** Paused delivery resumes by itself, so the state is polled. */
const refetchInterval = 15_000;

export function ApnsCard({ app }: CardProps) {
  const key = { app_id: app.id };
  const { data, error } = useQuery({
    queryKey: ['push', app.id, 'apns'],
    queryFn: () =>
      nullUnlessSetUp(
        app.id,
        ({ push }) => push.includes('apns'),
        () => api.getApnsCredentials(key),
      ),
    refetchInterval,
  });
  return (
    <PlatformCard
      app={app}
      platform="apns"
      name="Apple devices"
      about="Apple Push Notification service, for iOS, iPadOS and macOS apps."
      credentials={data}
      error={error}
      facts={
        data && [
          { name: 'Key id', value: <Code>{data.key_id}</Code> },
          { name: 'Team id', value: <Code>{data.team_id}</Code> },
        ]
      }
      form={(close) => <ApnsForm app={app} before={data ?? null} onClose={close} />}
      remove={() => api.deleteApnsCredentials(key)}
      test={(target) => api.testApns({ ...key, ...target })}
    />
  );
}

export function FcmCard({ app }: CardProps) {
  const key = { app_id: app.id };
  const { data, error } = useQuery({
    queryKey: ['push', app.id, 'fcm'],
    queryFn: () =>
      nullUnlessSetUp(
        app.id,
        ({ push }) => push.includes('fcm'),
        () => api.getFcmCredentials(key),
      ),
    refetchInterval,
  });
  return (
    <PlatformCard
      app={app}
      platform="fcm"
      name="Android devices"
      about="Firebase Cloud Messaging, for Android apps."
      credentials={data}
      error={error}
      facts={
        data && [
          { name: 'Project', value: <Code>{data.project_id}</Code> },
          { name: 'Account', value: <Code>{data.client_email}</Code> },
        ]
      }
      form={(close) => <FcmForm app={app} onClose={close} />}
      remove={() => api.deleteFcmCredentials(key)}
      test={(target) => api.testFcm({ ...key, ...target })}
    />
  );
}

export function WebPushCard({ app }: CardProps) {
  const key = { app_id: app.id };
  const { data, error } = useQuery({
    queryKey: ['push', app.id, 'webpush'],
    queryFn: () =>
      nullUnlessSetUp(
        app.id,
        ({ push }) => push.includes('webpush'),
        () => api.getWebpushCredentials(key),
      ),
    refetchInterval,
  });
  return (
    <PlatformCard
      app={app}
      platform="webpush"
      name="Browsers"
      about="Web Push, for pages and installed web apps. It needs a key pair, but no account."
      credentials={data}
      error={error}
      facts={
        data && [
          { name: 'Public key', value: <PublicKey text={data.public_key} /> },
          { name: 'Contact', value: data.subject },
          { name: 'Opens', value: data.navigate },
        ]
      }
      removal="If you set new keys later, every browser must subscribe again."
      form={(close) => <WebPushForm app={app} before={data ?? null} onClose={close} />}
      remove={() => api.deleteWebpushCredentials(key)}
      test={(target) => api.testWebpush({ ...key, ...target })}
    />
  );
}

function PublicKey({ text }: { readonly text: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Code>{text}</Code>
      <CopyButton text={text} what="public key" />
    </Group>
  );
}
