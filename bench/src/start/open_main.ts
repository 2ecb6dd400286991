/** Opens the store as the server does, in a process that has done nothing else, and says what that took. */
import { openEmbeddedStore } from '@badged/server/store/embedded';
import { answer, input, textIn } from '../measure/child.js';

const directory = textIn(await input(), 'directory');
const before = memory();
const begun = performance.now();
let tablesDone = begun;
const store = await openEmbeddedStore({
  directory,
  /** A checkpoint would shorten the tail for the next round. */
  checkpoints: { journalRows: Number.POSITIVE_INFINITY, intervalMs: Number.POSITIVE_INFINITY },
  onProgress: () => {
    tablesDone = performance.now();
  },
});
const done = performance.now();
const peakBytes = process.resourceUsage().maxRSS * 1024;
const after = memory();
await answer({
  totalMs: done - begun,
  tablesMs: tablesDone - begun,
  tailMs: done - tablesDone,
  heapBytes: after.heapUsed + after.external - before.heapUsed - before.external,
  residentBytes: after.rss - before.rss,
  peakBytes,
  participations: store.figures.participations,
});
process.kill(process.pid, 'SIGKILL');

function memory(): NodeJS.MemoryUsage {
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc');
  for (let round = 0; round < 3; round += 1) globalThis.gc();
  return process.memoryUsage();
}
