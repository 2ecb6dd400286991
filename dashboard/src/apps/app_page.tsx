/** The page of one app: settings, tokens, sign-in, push credentials, and deletion. */

import type { App } from '@badged/client/api';
import { Anchor, Button, Code, Stack, Tabs, Text } from '@mantine/core';
import {
  IconAdjustments,
  IconAlertTriangle,
  IconArrowLeft,
  IconBellRinging,
  IconKey,
  IconLogin2,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { Link, useLocation } from 'wouter';
import { useApps } from '../parts/app_picker.js';
import { CopyButton } from '../parts/copy_button.js';
import { ErrorNote } from '../parts/error_note.js';
import { Loading } from '../parts/loading.js';
import { Page } from '../parts/page.js';
import classes from './app_page.module.css';
import { DangerTab } from './danger_tab.js';
import { OAuthTab } from './oauth/oauth_tab.js';
import { PushTab } from './push/push_tab.js';
import { SettingsTab } from './settings/settings_tab.js';
import { TokensTab } from './tokens_tab.js';

interface Tab {
  /** The tab's name in the URL. */
  readonly id: string;
  readonly name: string;
  readonly icon: ComponentType<{ readonly size: number; readonly 'aria-hidden': boolean }>;
  readonly content: ComponentType<{ readonly app: App }>;
}

const settings: Tab = { id: 'settings', name: 'Settings', icon: IconAdjustments, content: SettingsTab };
const tabs: readonly Tab[] = [
  settings,
  { id: 'tokens', name: 'Tokens', icon: IconKey, content: TokensTab },
  { id: 'oauth', name: 'Sign-in', icon: IconLogin2, content: OAuthTab },
  { id: 'push', name: 'Push', icon: IconBellRinging, content: PushTab },
  { id: 'danger', name: 'Danger zone', icon: IconAlertTriangle, content: DangerTab },
];

export default function AppPage({
  app: id,
  tab,
}: {
  readonly app: string;
  readonly tab: string | undefined;
}) {
  const { data: apps, error } = useApps();
  if (error !== null)
    return (
      <Page title="App">
        <ErrorNote error={error} />
      </Page>
    );
  if (apps === undefined) return <Loading />;
  const app = apps.find((one) => one.id === id);
  return app === undefined ? <NoSuchApp /> : <AppTabs key={app.id} app={app} tab={tab} />;
}

function NoSuchApp() {
  return (
    <Page title="App not found" about="It was deleted, or the URL is wrong.">
      <div>
        <Button component={Link} href="/apps" variant="default">
          See all apps
        </Button>
      </div>
    </Page>
  );
}

function AppTabs({ app, tab }: { readonly app: App; readonly tab: string | undefined }) {
  const [, navigate] = useLocation();
  const shown = tabs.find(({ id }) => id === tab) ?? settings;
  const address = `/apps/${encodeURIComponent(app.id)}`;
  return (
    <Stack gap="xs" className={classes.page ?? ''}>
      <Text size="sm">
        <Anchor component={Link} href="/apps" inherit>
          <IconArrowLeft size={14} aria-hidden className={classes.arrow} /> All apps
        </Anchor>
      </Text>
      <Page title={app.name} about={<AppId id={app.id} />} actions={<ToPlayground id={app.id} />}>
        <Tabs
          value={shown.id}
          onChange={(next) => next !== null && navigate(`${address}/${next}`)}
          keepMounted={false}
        >
          <Tabs.List className={classes.tabs ?? ''} aria-label={`Parts of ${app.name}`}>
            {tabs.map(({ id, name, icon: Icon }) => (
              <Tabs.Tab key={id} value={id} leftSection={<Icon size={16} aria-hidden />}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ id, content: Content }) => (
            <Tabs.Panel key={id} value={id} pt="lg">
              <Content app={app} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Page>
    </Stack>
  );
}

function AppId({ id }: { readonly id: string }) {
  return (
    <span className={classes.id}>
      <Text span inherit visibleFrom="xs">
        App id
      </Text>
      <Code>{id}</Code>
      <CopyButton text={id} what="app id" />
    </span>
  );
}

function ToPlayground({ id }: { readonly id: string }) {
  return (
    <Button
      component={Link}
      href={`/playground/${encodeURIComponent(id)}`}
      variant="default"
      leftSection={<IconPlayerPlay size={16} aria-hidden />}
    >
      Playground
    </Button>
  );
}
