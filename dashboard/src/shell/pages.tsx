/** The pages and their paths after the #. The playground is the default. */
import { Text } from '@mantine/core';
import {
  IconApps,
  IconChartLine,
  IconDeviceMobile,
  IconPlayerPlay,
  IconUserSearch,
} from '@tabler/icons-react';
import { type ComponentType, Suspense } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { Loading } from '../parts/loading.js';
import { Page } from '../parts/page.js';
import { loadable } from './loadable.js';
import { PageBoundary } from './page_boundary.js';

const playground = loadable(() => import('../playground/playground_page.js'));
const apps = loadable(() => import('../apps/apps_page.js'));
const app = loadable(() => import('../apps/app_page.js'));
const users = loadable(() => import('../users/users_page.js'));
const overview = loadable(() => import('../overview/overview_page.js'));
const tryPhone = loadable(() => import('../try_phone/try_phone_page.js'));

interface PageLink {
  readonly path: string;
  readonly name: string;
  readonly icon: ComponentType<{ readonly size: number; readonly 'aria-hidden': boolean }>;
  readonly prepare: () => void;
}

export const pages: readonly PageLink[] = [
  { path: '/playground', name: 'Playground', icon: IconPlayerPlay, prepare: playground.prepare },
  { path: '/apps', name: 'Apps', icon: IconApps, prepare: prepareApps },
  { path: '/users', name: 'Users', icon: IconUserSearch, prepare: users.prepare },
  { path: '/overview', name: 'Overview', icon: IconChartLine, prepare: overview.prepare },
  { path: '/try', name: 'Try it on your phone', icon: IconDeviceMobile, prepare: tryPhone.prepare },
];

function prepareApps(): void {
  apps.prepare();
  app.prepare();
}

/** Called while the session is being checked. */
export function prepareFirstPage(): void {
  (pages.find(({ path }) => location.hash.startsWith(`#${path}`)) ?? pages[0])?.prepare();
}

export function Pages() {
  const [address] = useLocation();
  return (
    <PageBoundary address={address}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/">
            <Redirect to="/playground" replace />
          </Route>
          <Route path="/playground/:app?">{({ app: id }) => <playground.Page app={id} />}</Route>
          <Route path="/apps">
            <apps.Page />
          </Route>
          <Route path="/apps/:app/:tab?">{({ app: id, tab }) => <app.Page app={id} tab={tab} />}</Route>
          <Route path="/users/:app?/:user?">
            {({ app: id, user }) => <users.Page app={id} user={user} />}
          </Route>
          <Route path="/overview">
            <overview.Page />
          </Route>
          <Route path="/try/:app?">{({ app: id }) => <tryPhone.Page app={id} />}</Route>
          <Route>
            <Page title="Not found">
              <Text>This page does not exist.</Text>
            </Page>
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}
