/** The cache of queries to the server. */
import { QueryClient } from '@tanstack/react-query';
import { isSignedOut } from './api.js';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // The client retries by itself.
      retry: false,
      throwOnError: false,
      // A browser without a network may still reach a server on its own machine.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', onSuccess: () => queries.invalidateQueries() },
  },
});

/** A 401 response to any query shows the sign-in page. */
queries.getQueryCache().subscribe(({ type, query }) => {
  if (type === 'updated' && query.queryKey[0] !== 'session' && isSignedOut(query.state.error))
    void queries.resetQueries({ queryKey: ['session'] });
});
