/** The user inspector: any user's badge, what it is the sum of, their conversations and devices. */
import { Center, Loader, Text } from '@mantine/core';
import { useApp } from '../parts/app_picker.js';
import { ErrorNote } from '../parts/error_note.js';
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
      about="Look any user up: the number on their icon, what it is made of, and what each of their devices shows."
    >
      {error !== null && <ErrorNote error={error} />}
      {error === null && apps === undefined && (
        <Center h={200}>
          <Loader aria-label="Loading" />
        </Center>
      )}
      {apps !== undefined && app === undefined && (
        <Text>{apps.length === 0 ? 'There is no app yet. Create one first.' : 'There is no such app.'}</Text>
      )}
      {app !== undefined && (
        <>
          <UserSearch key={`search ${app.id} ${user ?? ''}`} app={app.id} user={user} />
          {user !== undefined && <Inspector key={`inspector ${app.id} ${user}`} app={app.id} user={user} />}
        </>
      )}
    </Page>
  );
}
