/**
 * Promise 5 when one sync fails, in the strict model of disk.ts: the process stops, another one starts on what memory
 * still has, and then the power is cut. `npm run soak -- failed-sync` lets each sync fail in turn.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { verifyDirectory } from '../../src/compose.js';
import { call, programArguments, programEnvironment, startServer } from '../process/server_process.js';
import { Disk } from './disk.js';
import { loadRecording, type Recording, saveRecording } from './recording.js';
import { type FailingCall, parseTrace, record, straceProblem } from './strace.js';

const adminToken = 'an-admin-token-for-tests';
const secretKey = 'ab'.repeat(32);
const env = { BADGED_ADMIN_TOKEN: adminToken, BADGED_SECRET_KEY: secretKey };
/** How many syncs of a process fail in turn; `npm test` lets a few fail, spread over them. The first ones are of a start. */
const syncs = 40;
const syncsOfStart = 12;
const failing = Number(process.env.BADGED_POWER_CUT_SYNCS ?? 1);
const afterRestart = 50;
/** A file that the last recording is saved to. */
const save = process.env.BADGED_POWER_CUT_SAVE;

const problem = straceProblem();
if (problem !== undefined) console.warn(`Power cuts are not recorded here: ${problem}.`);

/** What a server acknowledged, and what processes did to its files meanwhile. */
interface Run {
  readonly acknowledged: number;
  readonly recording: Recording;
}

interface App {
  readonly id: string;
  readonly token: string;
}

let scratch: string;
let directories = 0;
function newDirectory(): string {
  directories += 1;
  return join(scratch, `data${directories}`);
}

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'badged-power-'));
  return () => rmSync(scratch, { recursive: true });
});

const traceFile = () => join(scratch, 'trace');

/** Runs a server until it has acknowledged so many messages, or has stopped; then kills it. */
async function run(
  dataDir: string,
  {
    messages,
    failingSync,
    app,
  }: { readonly messages: number; readonly failingSync?: FailingCall; readonly app?: App },
): Promise<Run & { readonly app: App | undefined }> {
  const server = record(programArguments(dataDir), {
    directory: dataDir,
    traceFile: traceFile(),
    env: programEnvironment(env),
    ...(failingSync !== undefined && { failing: failingSync }),
  });
  let acknowledged = 0;
  let used = app;
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /^listening on (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    server.stdout.resume();
    used ??= await newApp({ url });
    while (acknowledged < messages && (await send({ url }, used))) acknowledged += 1;
    break;
  }
  server.kill();
  return { acknowledged, recording: await server.ended, app: used };
}

async function newApp(server: { readonly url: string }): Promise<App> {
  const { json } = await call(server, adminToken, 'POST', '/admin/apps', { name: 'a' });
  const app = { id: String(json.id), token: String(json.token) };
  const participants = ['ann', 'bob'];
  await call(server, app.token, 'POST', `/apps/${app.id}/conversations`, { id: 'room', participants });
  return app;
}

/** False if there is no response. */
async function send(server: { readonly url: string }, { id, token }: App): Promise<boolean> {
  const message = { sender: { user_id: 'ann' } };
  const path = `/apps/${id}/conversations/room/messages`;
  const sent = await call(server, token, 'POST', path, message).catch(() => undefined);
  return sent?.status === 201;
}

/** What the real server counts on what a power cut leaves of the recording. */
async function countAfterPowerCut(recording: Recording, { id, token }: App): Promise<number> {
  const directory = newDirectory();
  new Disk(recording).writeAfterPowerCut(directory);
  const server = await startServer(directory, env);
  onTestFinished(server.kill);
  const { json } = await call(server, token, 'GET', `/apps/${id}/users/bob/badge`);
  await server.stop();
  expect((await verifyDirectory(directory)).differences).toEqual([]);
  return Number(json.unread_message_count ?? 0);
}

describe('promise 5: what was acknowledged survives a sync that fails, a restart and then a power cut', () => {
  test('the model finds the loss in a program that appends to the old log (recorded from one)', async () => {
    const file = fileURLToPath(new URL('./fixtures/appends_after_failed_sync.json.gz', import.meta.url));
    const { recording, facts } = loadRecording(file);
    const { id = '', token = '', acknowledged } = facts;
    expect(await countAfterPowerCut(recording, { id, token })).toBe(Number(acknowledged) - afterRestart);
  });

  test.skipIf(problem !== undefined)(
    `${failing} of a process's first ${syncs} syncs`,
    async () => {
      const before = newDirectory();
      const first = await run(before, { messages: 3 });
      if (first.app === undefined) throw new Error('the first process did not listen');
      const around = parseTrace(readFileSync(traceFile(), 'latin1'), scratch);
      expect(around, 'the directory that names the data directory is synced').toContainEqual(
        expect.objectContaining({ kind: 'sync', file: '', succeeded: true }),
      );
      for (let nth = 0; nth < failing; nth += 1) {
        const number = Math.ceil(((nth + 1) * syncs) / failing);
        const failingSync: FailingCall =
          number <= syncsOfStart
            ? { call: 'fsync', nth: number }
            : { call: 'fdatasync', nth: number - syncsOfStart };
        const dataDir = newDirectory();
        cpSync(before, dataDir, { recursive: true });
        const failed = await run(dataDir, { messages: syncs, failingSync, app: first.app });
        // SQLite takes no notice of some, such as that of a directory; the process then goes on.
        expect(failed.recording).toContainEqual(expect.objectContaining({ kind: 'sync', succeeded: false }));
        const restarted = await run(dataDir, { messages: afterRestart, app: first.app });
        expect(restarted.acknowledged).toBe(afterRestart);
        const runs = [first, failed, restarted];
        const recording = runs.flatMap((each) => each.recording);
        const acknowledged = runs.reduce((sum, each) => sum + each.acknowledged, 0);
        if (save !== undefined)
          saveRecording(save, recording, { ...first.app, acknowledged: `${acknowledged}` });
        const count = await countAfterPowerCut(recording, first.app);
        expect(count, `sync ${number} failed`).toBeGreaterThanOrEqual(acknowledged);
      }
    },
    60_000 + 180_000 * failing,
  );
});
