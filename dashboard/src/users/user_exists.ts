/** Whether the app has a user. Asks for a list of badges, where an unknown user is not an error. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../server/api.js';

/** `watches`: polls until the user exists. */
export function useUserExists(app: string, user: string, watches: boolean) {
  return useQuery({
    queryKey: ['is known', app, user],
    queryFn: async () => {
      const { users } = await api.readBadges({ app_uuid: app, user_ids: [user] });
      return Object.values(users).some((badge) => badge !== null);
    },
    enabled: user !== '',
    refetchInterval: ({ state }) => (watches && state.data === false ? 1_000 : false),
  });
}
