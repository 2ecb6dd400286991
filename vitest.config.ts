import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Only in `npm run test:all`, which CI runs, and where they are named: `npm test` has to end within three minutes on two
 * cores (docs/decisions/0035-two-commands-for-tests.md).
 */
const onlyInAll = [
  'client/test/api/generated.test.ts',
  'client/test/badge/browser.test.ts',
  'client/test/platform/browser.test.ts',
  'client/test/platform/package.test.ts',
  'dashboard/test/dashboard.test.ts',
  'server/test/genesys/vendor_browser.test.ts',
  'server/test/power_cut/failed_sync.test.ts',
  'server/test/process/blocked_log.test.ts',
  'server/test/process/cluster.test.ts',
  'server/test/process/first_start.test.ts',
  'server/test/process/killed_import.test.ts',
  'server/test/process/moving_pages.test.ts',
  'server/test/process/package.test.ts',
  'server/test/process/push.test.ts',
  'server/test/process/release.test.ts',
  'server/test/push/converges.test.ts',
  'server/test/store/postgres_plans.test.ts',
  'server/test/store/postgres_versions.test.ts',
];
const isSoak = process.env.BADGED_SOAK !== undefined;
const namesFiles = process.argv.some((argument) => argument.endsWith('.test.ts'));
const runsAll = isSoak || namesFiles || process.env.BADGED_TESTS === 'all';

/** Files that take ten seconds and more: begun last, they would be waited for by themselves. */
const long =
  /dashboard\.test|browser\.test|process\/|power_cut|store\/(sqlite|postgres|postgres_cluster|model)\.test|converges/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// Tests run on the TypeScript sources: the "source" condition of each workspace's exports points at them.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    // Soaks take minutes: npm run soak.
    include: ['*/test/**/*.test.ts', ...(isSoak ? ['*/test/**/*.soak.ts'] : [])],
    exclude: ['**/node_modules/**', ...(runsAll ? [] : onlyInAll)],
    // Files share what they import, a fifth of the time otherwise: none may leave anything behind in a module.
    isolate: false,
    // Much of the time is spent waiting for other processes: three at once, also where there are two cores.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongFirst },
    // What is waited for comes at once, but on a busy machine at once is a while.
    expect: { poll: { timeout: 40_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
