/**
 * `npm run soak`: the random tests of `npm test` with many more rounds. A variable that is set already is kept. `--seed 7`
 * sets BADGED_SOAK_SEED, and so on for the flags below.
 */
import { parseArgs } from 'node:util';
import { run } from './run.mjs';

const soaks = {
  crash: { files: ['server/test/process/crash.test.ts'], env: { BADGED_CRASH_KILLS: 50 } },
  'first-start': {
    files: ['server/test/process/first_start.test.ts'],
    env: { BADGED_FIRST_START_KILLS: 200 },
  },
  'power-cut': {
    files: ['server/test/power_cut/power_cuts.test.ts', '--disable-console-intercept'],
    env: { BADGED_SOAK_IMAGES: 10_000 },
  },
  'disk-errors': {
    files: ['server/test/power_cut/disk_errors.soak.ts', '--disable-console-intercept'],
    env: { BADGED_DISK_ERRORS: 30 },
  },
  'failed-sync': {
    files: ['server/test/power_cut/failed_sync.test.ts'],
    env: { BADGED_POWER_CUT_SYNCS: 40 },
  },
  converge: { files: ['server/test/push/converges.test.ts'], env: { BADGED_CONVERGE_SEEDS: 50 } },
  checkpoint: { files: ['core/test/machine/checkpoint.test.ts'], env: { BADGED_CHECKPOINT_RUNS: 100_000 } },
  model: {
    files: ['server/test/store/sqlite.test.ts', '-t', 'promise 9'],
    env: { BADGED_MODEL_RUNS: 20_000 },
  },
  'model-deferred': {
    files: ['server/test/store/deferred_lookups.test.ts', '-t', 'promise 9'],
    env: { BADGED_MODEL_RUNS: 20_000 },
  },
  'model-postgres': {
    files: ['server/test/store/postgres.test.ts', '-t', 'promise 9'],
    env: { BADGED_MODEL_RUNS: 20_000 },
  },
  'cluster-model': {
    files: ['server/test/store/postgres_cluster.test.ts', '-t', 'promise 9'],
    env: { BADGED_MODEL_RUNS: 20_000, BADGED_MODEL_AT_ONCE: 16 },
  },
  'cluster-faults': {
    files: ['server/test/cluster_faults/cluster_faults.soak.ts', '--disable-console-intercept'],
    env: { BADGED_SOAK_MINUTES: 15 },
  },
  failover: {
    files: [
      'server/test/cluster_faults/cluster_faults.soak.ts',
      '-t',
      'standby|asynchronous',
      '--disable-console-intercept',
    ],
    env: { BADGED_SOAK_FAILOVER: 1 },
  },
  takeover: {
    files: [
      'server/test/cluster_faults/cluster_faults.soak.ts',
      '-t',
      'killed server',
      '--disable-console-intercept',
    ],
    env: { BADGED_SOAK_TAKEOVER: 5 },
  },
  'rolling-change': {
    files: [
      'server/test/cluster_faults/cluster_faults.soak.ts',
      '-t',
      'version',
      '--disable-console-intercept',
    ],
    env: { BADGED_SOAK_ROLLING: 1 },
  },
};

const flags = ['minutes', 'seed', 'mutate', 'images'];
const { values, positionals } = parseArgs({
  options: Object.fromEntries(flags.map((flag) => [flag, { type: 'string' }])),
  allowPositionals: true,
});
for (const [flag, value] of Object.entries(values)) process.env[`BADGED_SOAK_${flag.toUpperCase()}`] = value;
const names = positionals.length > 0 ? positionals : Object.keys(soaks);
const unknown = names.filter((name) => soaks[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `badged: There is no soak ${unknown.join(', ')}. There are: ${Object.keys(soaks).join(', ')}.`,
  );
  process.exit(1);
}
process.env.BADGED_SOAK = 'on';
for (const name of names) {
  const { files, env } = soaks[name];
  for (const [variable, value] of Object.entries(env)) process.env[variable] ??= String(value);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...files, '--testTimeout=7200000'];
  await run(`soaking: ${name}`, process.execPath, vitest);
}
