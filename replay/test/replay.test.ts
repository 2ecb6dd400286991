import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../src/random.js';
import { type ReplayOptions, replay } from '../src/replay.js';
import { ReplayError } from '../src/replay_error.js';
import type { ReplayResult } from '../src/replay_result.js';
import { type Fault, NaiveBackend } from './naive_backend.js';

let backend: NaiveBackend;
let directory = '';
beforeEach(async () => {
  backend = await NaiveBackend.start();
  directory = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterEach(async () => {
  await backend.stop();
  rmSync(directory, { recursive: true });
});

async function run(more: Partial<ReplayOptions> = {}): Promise<ReplayResult> {
  const { token } = backend;
  const settings = { token, appId: 'app', seed: 5, messages: 400, concurrency: 16, timeout: 10, ...more };
  return replay({ ...settings, url: more.url ?? backend.url });
}

describe('a replay', () => {
  test('sends everything, each conversation in order and several at once, and finds no difference', async () => {
    const result = await run();
    expect(result).toMatchObject({ messages: 400, retries: 0, differenceCount: 0, differences: [] });
    const messages = [...backend.conversations.values()].flatMap((one) => one.messages);
    expect(messages).toHaveLength(400);
    expect(backend.overlaps).toBe(0);
    expect(backend.mostAtOnce).toBeGreaterThan(4);
    expect(result.participations).toBeGreaterThan(result.users);
  });

  test('spreads its requests over several servers', async () => {
    const proxy = await forwarding(backend.url);
    const result = await run({ url: `${backend.url}, ${proxy.url}` });
    await proxy.close();
    expect(result).toMatchObject({ messages: 400, retries: 0, differenceCount: 0 });
    expect(proxy.connections).toBeGreaterThan(0);
  });

  test('reads a recorded workload, and lists of more than one page', async () => {
    const file = join(directory, 'wide.tsv');
    const lines = Array.from({ length: 230 }, (_, index) => `${index}\t${index}\t0\n${index}\t${index}\t1`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    const result = await run({ file, messages: undefined });
    expect(result).toMatchObject({ messages: 460, users: 2, participations: 460, differenceCount: 0 });
    expect(result.workload).toBe(file);
  });

  test('says loudly that the workload is generated when there is no file', async () => {
    const notes: string[] = [];
    const result = await run({
      messages: 20,
      onProgress: (event) => {
        if (event.type === 'note') notes.push(event.text);
      },
    });
    expect(notes[0]).toMatch(/NO WORKLOAD FILE GIVEN: replaying a GENERATED workload/);
    expect(notes[1]).toMatch(/Reads and deletions .* generated too, with seed 5/);
    expect(result.workload).toContain('GENERATED');
  });

  test('shows the progress of each of its phases up to the end', async () => {
    const last = new Map<string, number>();
    const result = await run({
      onProgress: (event) => {
        if (event.type === 'progress') last.set(event.phase, event.done);
      },
    });
    expect([...last]).toEqual([
      ['planning', 400],
      ['sending', result.operations],
      ['comparing', result.users],
    ]);
  });

  test('promise 3: run a second time, it ends in the same state', async () => {
    await run();
    const before = backend.snapshot();
    expect(await run()).toMatchObject({ differenceCount: 0 });
    expect(backend.snapshot()).toEqual(before);
  });

  test('continues a shorter run of the same seed', async () => {
    await run({ messages: 150 });
    expect(await run({ messages: 400 })).toMatchObject({ messages: 400, differenceCount: 0 });
  });
});

describe('a replay during outages', () => {
  test('survives closed connections, 503 and 429, whether or not the request had been applied', async () => {
    const random = new Random(99);
    const faults: Fault[] = ['cut-before', 'cut-after', 'unavailable', 'rate-limited'];
    let met = 0;
    backend.fault = () => {
      if (!random.chance(0.08)) return undefined;
      met += 1;
      return faults[random.below(faults.length)];
    };
    const outages: string[] = [];
    const result = await run({
      onProgress: (event) => {
        if (event.type === 'note' && event.text.includes('retrying for')) outages.push(event.text);
      },
    });
    expect(outages).toHaveLength(1);
    expect(met).toBeGreaterThan(40);
    expect(result.retries).toBe(met);
    expect(result.differenceCount).toBe(0);
    expect(backend.overlaps).toBe(0);
  });

  test('fails when the server is unavailable for longer than the timeout, and says why, without the token', async () => {
    const { url } = backend;
    await backend.stop();
    const failure = await run({ url, timeout: 0.3 }).catch((error: unknown) => error);
    backend = await NaiveBackend.start();
    expect(failure).toBeInstanceOf(ReplayError);
    expect(String(failure)).toMatch(/is unavailable: the connection failed \(ECONNREFUSED\)/);
    expect(String(failure)).not.toContain(backend.token);
  });

  test('says what to do about a refused token, a wrong option and a wrong URL', async () => {
    await expect(run({ token: 'wrong' })).rejects.toThrow(/responded with 401\. Check that the token/);
    await expect(run({ appId: 'other' })).rejects.toThrow(/responded with 403\. Check that the token/);
    await expect(run({ url: 'localhost:1' })).rejects.toThrow(/is not an http or https URL/);
    await expect(run({ resume: true })).rejects.toThrow(/needs the --ledger/);
    await expect(run({ concurrency: 0 })).rejects.toThrow(/concurrency/);
  });
});

describe('the ledger', () => {
  const ledger = () => join(directory, 'ledger');
  const recorded = () => readFileSync(ledger(), 'utf8').trimEnd().split('\n').slice(1).map(Number);

  test('has every operation with a 2xx response', async () => {
    const result = await run({ ledger: ledger() });
    const sorted = recorded().sort((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: result.operations }, (_, index) => index));
  });

  test('is written while the replay runs, for one that is killed', async () => {
    const written: number[] = [];
    backend.fault = (request) => {
      if (request === 301) written.push(recorded().length);
      return undefined;
    };
    await run({ ledger: ledger() });
    // What is in flight is not in it yet.
    expect(written[0]).toBeGreaterThan(200);
  });

  test('promise 5: lets a replay resume after a crash without sending completed operations again', async () => {
    backend.fault = (request) => (request > 300 ? 'cut-before' : undefined);
    await expect(run({ ledger: ledger(), timeout: 0 })).rejects.toThrow(/is unavailable/);
    expect(recorded()).toHaveLength(300);
    const half = readFileSync(ledger(), 'utf8');
    writeFileSync(ledger(), `${half}12`);

    backend.fault = () => undefined;
    backend.requests = 0;
    const result = await run({ ledger: ledger(), resume: true });
    expect(result.differenceCount).toBe(0);
    const listing = backend.requests - (result.operations - 300);
    expect(listing).toBe(2 * result.users);
    expect(new Set(recorded()).size).toBe(result.operations);
    expect(recorded()).toHaveLength(result.operations);
  });

  test('promise 5: resuming reveals that a server lost a message that it had confirmed', async () => {
    await run({ ledger: ledger() });
    for (const { messages } of backend.conversations.values()) {
      if (messages.length > 2) messages.pop();
    }
    const result = await run({ ledger: ledger(), resume: true });
    expect(result.differenceCount).toBeGreaterThan(0);
  });

  test('of another replay is refused', async () => {
    await run({ ledger: ledger(), messages: 20 });
    await expect(run({ ledger: ledger(), messages: 20, seed: 6 })).rejects.toThrow(/another replay/);
    await expect(run({ ledger: directory })).rejects.toThrow(/Cannot write the ledger/);
  });
});

describe('the comparison', () => {
  test('finds a single message that one reader has unread and should not', async () => {
    let reader: string | undefined;
    let place: string | undefined;
    const addOneUnread = () => {
      for (const { id, messages, participants } of backend.conversations.values()) {
        reader = [...participants].find((user) => messages.at(-1)?.unreadBy.has(user) === false);
        place = id;
        if (reader === undefined || participants.size < 2) continue;
        messages.at(-1)?.unreadBy.add(reader);
        return;
      }
    };
    const result = await run({
      onProgress: (event) => {
        const isSent = event.type === 'progress' && event.phase === 'sending' && event.done === event.total;
        if (isSent) addOneUnread();
      },
    });
    const found = result.differences.filter((one) => one.what === 'unread_message_count');
    expect(
      found.map((one) => [one.user, one.conversation, Number(one.found) - Number(one.expected)]),
    ).toEqual([
      [reader, undefined, 1],
      [reader, place, 1],
    ]);
    expect(new Set(result.differences.map((one) => one.user))).toEqual(new Set([reader]));
  });

  test.each([
    ['reads up to a position', (_: string, path: string) => path.endsWith('mark_all_read')],
    ['receipts of single messages', (_: string, path: string) => path.endsWith('receipts')],
    ['deletions', (method: string) => method === 'DELETE'],
  ])('finds that the server forgot the %s', async (_, swallows) => {
    backend.swallows = swallows;
    const result = await run({ messages: 1_000 });
    expect(result.differenceCount).toBeGreaterThan(0);
    expect(result.differences.length).toBeLessThanOrEqual(20);
    const counts = result.differences.filter((one) => one.what.startsWith('unread'));
    for (const { expected, found } of counts) expect(found).toBeGreaterThan(Number(expected));
  });

  test('ends the replay at once when a message is given another position', async () => {
    const file = join(directory, 'two.tsv');
    writeFileSync(file, '0\t0\t0\n1\t0\t1\n');
    await run({ file });
    const [conversation] = backend.conversations.values();
    conversation?.messages.splice(0, 2);
    conversation?.messages.push({ id: 'x', position: 1, unreadBy: new Set(), isDeleted: false });
    await expect(run({ file })).rejects.toThrow(
      /Operation 1 \(user 0 sends message 1 of conversation 0\): the message was given position 2/,
    );
  });

  test('reports a conversation that is missing, and one that is too many', async () => {
    await run({ messages: 30 });
    const foreign = { id: 'foreign', participants: new Set(['u0']), messages: [], isBusy: false };
    backend.conversations.set('foreign', foreign);
    const strange = await run({ messages: 30 });
    expect(strange.differences).toContainEqual(
      expect.objectContaining({ user: 'u0', conversation: 'foreign', found: 'listed' }),
    );
    backend.conversations.delete('foreign');
    backend.swallows = (method) => method === 'PATCH' || method === 'POST';
    expect((await run({ messages: 30 }).catch(String)).toString()).toMatch(/given position undefined/);
  });
});

/** Another way to the same backend, as a second server is. */
async function forwarding(url: string) {
  const { hostname, port } = new URL(url);
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(Number(port), hostname);
    pipeline(client, upstream, client, () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get connections() {
      return connections;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
