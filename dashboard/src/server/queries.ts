/** What the pages know of the server, kept for as long as it is likely true. */
import { QueryClient } from '@tanstack/react-query';
import { isSignedOut } from './api.js';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // The client repeats what is worth repeating.
      retry: false,
      throwOnError: false,
      // A browser without a network may still reach a server on its own machine.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', onSuccess: () => queries.invalidateQueries() },
  },
});

/** Whatever finds that the session is over brings the sign-in page back. */
queries.getQueryCache().subscribe(({ type, query }) => {
  if (type === 'updated' && query.queryKey[0] !== 'session' && isSignedOut(query.state.error))
    void queries.resetQueries({ queryKey: ['session'] });
});
