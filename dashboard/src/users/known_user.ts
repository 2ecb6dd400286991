/** Whether the app has named a user yet. Asked for by a list, since there an unknown user is an answer and no error. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../server/api.js';

/** `watches`: asks again until they are. */
export function useIsKnown(app: string, user: string, watches: boolean) {
  return useQuery({
    queryKey: ['is known', app, user],
    queryFn: async () => {
      const answer = await api.setBadges({ app_uuid: app, user_ids: [user] });
      return Object.values(answer?.users ?? {}).some((badge) => badge !== null);
    },
    enabled: user !== '',
    refetchInterval: ({ state }) => (watches && state.data === false ? 1_000 : false),
  });
}
