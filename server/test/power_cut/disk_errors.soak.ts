/**
 * Promise 5 when the disk fails: in a process of the real program, one call after the other fails once, with each error that it
 * may have. Whatever the process does then, everything it acknowledged is there at the next start. Prints what it said.
 * `npm run soak -- disk-errors`.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { factsUntil, problemsOf } from './check.js';
import { type RecordedApp, startRecorded } from './recorded_server.js';
import { type FailingCall, straceProblem } from './strace.js';
import { counted, listener, reader, rooms, sender, Traffic } from './traffic.js';

/** How many calls of each kind fail, one in each process: those of a start, and some of the requests after it. */
const most = Number(process.env.BADGED_DISK_ERRORS ?? 30);
const requests = 40;

const failures: readonly Omit<FailingCall, 'nth'>[] = [
  { call: 'fdatasync', error: 'EIO' },
  { call: 'fsync', error: 'EIO' },
  { call: 'pwrite64', error: 'ENOSPC' },
  { call: 'pwrite64', error: 'EIO' },
  { call: 'ftruncate', error: 'EIO' },
  { call: 'unlink', error: 'EIO' },
];

let scratch: string;
let before: string;
let app: RecordedApp;
const earlier = new Traffic();
const traceFile = () => join(scratch, 'trace');

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'badged-errors-'));
  before = join(scratch, 'before');
  const participants = [sender, listener, reader, counted];
  const server = await startRecorded(before, {
    traceFile: traceFile(),
    rooms: Object.fromEntries(rooms.map((room) => [room, participants])),
  });
  if (server.app === undefined) throw new Error('the server did not listen');
  app = server.app;
  await earlier.send(server, 20, 4);
  server.kill();
  await server.ended;
  return () => rmSync(scratch, { recursive: true });
}, 600_000);

const cases = failures.flatMap((failure) =>
  Array.from({ length: most }, (_, index): FailingCall => ({ ...failure, nth: index + 1 })),
);

test.skipIf(straceProblem() !== undefined).each(cases)(
  '$call number $nth fails with $error',
  async (failing) => {
    const dataDir = join(scratch, 'data');
    rmSync(dataDir, { recursive: true, force: true });
    cpSync(before, dataDir, { recursive: true });
    const server = await startRecorded(dataDir, { traceFile: traceFile(), failing, app });
    const traffic = new Traffic(earlier.acknowledged);
    let hasStopped = server.app === undefined;
    if (server.app !== undefined) {
      await traffic.send(server, requests, 1);
      hasStopped = traffic.acknowledged.length < earlier.acknowledged.length + requests;
      server.kill();
    }
    await server.ended;
    const said = server.logged().trim().split('\n').at(-1) ?? '';
    const what = `${failing.call} ${failing.nth}, ${failing.error}`;
    console.log(`${what}: ${hasStopped ? `stopped: ${said.slice(0, 400)}` : 'served on'}`);
    const facts = factsUntil(traffic.acknowledged, Number.POSITIVE_INFINITY);
    expect(await problemsOf(dataDir, app.id, facts)).toEqual([]);
  },
);
