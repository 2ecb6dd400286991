/** A transfer file with every kind of data, and places to move it to. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, onTestFinished } from 'vitest';
import { exportData, type Place } from '../../src/offline.js';
import { openClusterStore } from '../../src/store/cluster.js';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import type { Store } from '../../src/store/port.js';
import type { OpenTarget } from '../../src/store/transfer_port.js';
import { load } from '../../src/transfer/load.js';
import { type EveryKind, fillWithEveryKind, shown } from './every_kind.js';

export const quietly = { onProgress: () => {} };

export interface TransferWorld {
  /** The data directory that the file was exported from. */
  directory: string;
  /** The path of the file. */
  file: string;
  kinds: EveryKind;
  /** What is shown of the data. */
  expected: unknown;
}

/** Call it once for a file of tests. What it returns is filled before the first test. */
export function transferWorld(): TransferWorld {
  const world: TransferWorld = {
    directory: '',
    file: '',
    kinds: { app: '', conversation: '', made: '', chosen: '' },
    expected: undefined,
  };
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'badged-transfer-'));
    const path = join(directory, 'data');
    const store = await openEmbeddedStore({ directory: path, isDurable: false });
    world.kinds = await fillWithEveryKind(store);
    world.expected = await shown(store, world.kinds);
    world.directory = path;
    world.file = join(directory, 'export');
    // Beside the store that is open.
    await exportData({ kind: 'directory', path }, world.file, quietly);
    await store.close();
    return () => rmSync(directory, { recursive: true });
  });
  return world;
}

export function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-transfer-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

export function newDirectory(): Place & { readonly kind: 'directory' } {
  return { kind: 'directory', path: join(temporary(), 'data') };
}

export function linesOf(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString().split('\n').slice(0, -1);
}

export async function open(place: Place): Promise<Store> {
  const store = await (place.kind === 'directory'
    ? openEmbeddedStore({ directory: place.path, isDurable: false })
    : openClusterStore({ url: place.url }));
  onTestFinished(() => store.close());
  return store;
}

/** The bytes of the file that is exported from there. */
export async function exported(place: Place): Promise<Buffer> {
  const path = join(temporary(), 'export');
  await exportData(place, path, quietly);
  return readFileSync(path);
}

/** Cuts one import after another: each goes on where the one before stopped, in writes of four rows. */
export async function expectToResume(
  world: TransferWorld,
  open: <V>(use: (target: OpenTarget) => Promise<V>) => Promise<V>,
  begunAt?: number,
): Promise<void> {
  const lines = linesOf(world.file);
  const resumed: number[] = [];
  const importing = (some: readonly string[]) =>
    open(async ({ tables, rebuildCheckpoints }) => {
      const options = { name: 'the target', rowsPerWrite: 4, onResume: (at: number) => resumed.push(at) };
      const { lastAppNumber } = await load(Readable.from([some]), tables, options);
      await rebuildCheckpoints(() => {});
      await tables.complete(lastAppNumber);
    });
  const expected = begunAt === undefined ? [] : [begunAt];
  for (const cut of [1, 12, 40]) {
    await expect(importing(lines.slice(0, cut))).rejects.toThrow(`it ends after line ${cut},`);
    expected.push(Math.max(begunAt ?? 1, cut - ((cut - 1) % 4)));
  }
  const others = [...lines.slice(0, 2), ...lines.slice(3)];
  await expect(importing(others)).rejects.toThrow(/^An import of other data into the target was begun/);
  await importing(lines);
  expect(resumed).toEqual([...expected, expected.at(-1)]);
}
