import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources: the "source" condition of each workspace's exports points at them.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['*/test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
