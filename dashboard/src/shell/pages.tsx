/** The pages, each with its address after the #. Whoever comes without one is shown the playground. */
import { Center, Loader, Text } from '@mantine/core';
import {
  IconApps,
  IconChartLine,
  IconDeviceMobile,
  IconPlayerPlay,
  IconUserSearch,
} from '@tabler/icons-react';
import { type ComponentType, lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Page } from '../parts/page.js';

const Playground = lazy(() => import('../playground/playground_page.js'));
const Apps = lazy(() => import('../apps/apps_page.js'));
const App = lazy(() => import('../apps/app_page.js'));
const Users = lazy(() => import('../users/users_page.js'));
const Overview = lazy(() => import('../overview/overview_page.js'));
const TryPhone = lazy(() => import('../try_phone/try_phone_page.js'));

interface PageLink {
  readonly path: string;
  readonly name: string;
  readonly icon: ComponentType<{ readonly size: number; readonly 'aria-hidden': boolean }>;
}

export const pages: readonly PageLink[] = [
  { path: '/playground', name: 'Playground', icon: IconPlayerPlay },
  { path: '/apps', name: 'Apps', icon: IconApps },
  { path: '/users', name: 'Users', icon: IconUserSearch },
  { path: '/overview', name: 'Overview', icon: IconChartLine },
  { path: '/try', name: 'Try it on your phone', icon: IconDeviceMobile },
];

export function Pages() {
  return (
    <Suspense
      fallback={
        <Center h={300}>
          <Loader aria-label="Loading" />
        </Center>
      }
    >
      <Switch>
        <Route path="/">
          <Redirect to="/playground" replace />
        </Route>
        <Route path="/playground/:app?">{({ app }) => <Playground app={app} />}</Route>
        <Route path="/apps">
          <Apps />
        </Route>
        <Route path="/apps/:app/:tab?">{({ app, tab }) => <App app={app} tab={tab} />}</Route>
        <Route path="/users/:app?/:user?">{({ app, user }) => <Users app={app} user={user} />}</Route>
        <Route path="/overview">
          <Overview />
        </Route>
        <Route path="/try/:app?">{({ app }) => <TryPhone app={app} />}</Route>
        <Route>
          <Page title="Not found">
            <Text>There is no such page.</Text>
          </Page>
        </Route>
      </Switch>
    </Suspense>
  );
}
