import { useApp } from '../parts/app_picker.js';
import { NoApp } from '../parts/no_app.js';
import { Page } from '../parts/page.js';
import { Inspector } from './inspector.js';
import { useUserInAddress } from './user_address.js';
import { UserSearch } from './user_search.js';

interface UsersPageProps {
  readonly app: string | undefined;
  readonly user: string | undefined;
}

export default function UsersPage({ app: wanted }: UsersPageProps) {
  const { app, apps, error } = useApp(wanted);
  const user = useUserInAddress();
  return (
    <Page
      title="Users"
      about="See any user's badge, the items that it adds up, and the number on each of their devices."
    >
      {app === undefined && <NoApp apps={apps} error={error} />}
      {app !== undefined && (
        <>
          <UserSearch key={`search ${app.id} ${user ?? ''}`} app={app.id} user={user} />
          {user !== undefined && <Inspector key={`inspector ${app.id} ${user}`} app={app.id} user={user} />}
        </>
      )}
    </Page>
  );
}
