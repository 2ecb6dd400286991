import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources: the "source" condition of each workspace's exports points at them.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['*/test/**/*.test.ts'],
    // Files share what they import, a fifth of the time otherwise: none may leave anything behind in a module.
    isolate: false,
    // Much of the time is spent waiting for other processes: two at once, also where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
