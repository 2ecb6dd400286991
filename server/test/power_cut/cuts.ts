/** Records runs of the real program, and opens what power cuts may leave of them. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, programEnvironment } from '../process/server_process.js';
import { factsUntil, problemsOf } from './check.js';
import { PowerCuts, type Random, writeImage } from './power_cuts.js';
import { type RecordedApp, type RecordedServer, startRecorded } from './recorded_server.js';
import type { FileOperation, Recording } from './recording.js';
import { record } from './strace.js';
import { type Acknowledged, counted, listener, nowMs, reader, rooms, sender, Traffic } from './traffic.js';

export interface Recorded {
  /** In the order in which the calls ended. */
  readonly recording: Recording;
  readonly acknowledged: readonly Acknowledged[];
  readonly app: RecordedApp;
  readonly backupBegunAt: number;
}

const sizes = {
  short: { requests: 40, clients: 4 },
  long: { requests: 1_500, clients: 8 },
} as const;

/**
 * A first start, requests, `badged backup` beside them, a stop; then a start, requests, and a kill. With `long`, the log is long
 * enough to be copied into the database several times.
 */
export async function recordRun(scratch: string, size: 'short' | 'long'): Promise<Recorded> {
  const { requests, clients } = sizes[size];
  const dataDir = join(scratch, 'recorded');
  const traceFile = (name: string) => join(scratch, `trace-${name}`);
  const traffic = new Traffic();
  const participants = [sender, listener, reader, counted];
  const ofAll = Object.fromEntries(rooms.map((room) => [room, participants]));
  const first = running(await startRecorded(dataDir, { traceFile: traceFile('first'), rooms: ofAll }));
  await traffic.send(first, requests, clients);
  const backupBegunAt = nowMs();
  const backup = record([main, 'backup', join(dataDir, 'backup.db'), '--data-dir', dataDir], {
    directory: dataDir,
    traceFile: traceFile('backup'),
    env: programEnvironment(),
  });
  await traffic.send(first, requests / 4, clients);
  const backedUp = await backup.ended;
  first.stop();
  const stopped = await first.ended;
  const { app } = first;
  const second = running(await startRecorded(dataDir, { traceFile: traceFile('second'), app }));
  await traffic.send(second, requests, clients);
  second.kill();
  const killed = await second.ended;
  const endOf = ({ time }: FileOperation) => time?.ended ?? 0;
  const beside = [...stopped, ...backedUp].sort((a, b) => endOf(a) - endOf(b));
  return { recording: [...beside, ...killed], acknowledged: traffic.acknowledged, app, backupBegunAt };
}

function running(server: Awaited<ReturnType<typeof startRecorded>>): RecordedServer {
  if (server.app === undefined) throw new Error('the server did not listen');
  return server;
}

export interface Cut {
  readonly images: number;
  /** Which operations the disk gets to see. Default: all. */
  readonly isKept?: (operation: FileOperation) => boolean;
  readonly onProgress?: (text: string) => void;
}

export interface Found {
  readonly images: number;
  /** What was wrong with them, the first hundred. */
  readonly problems: readonly string[];
}

/** Opens so many images of power cuts at random moments of the run. */
export async function runCuts(
  { recording, acknowledged, app, backupBegunAt }: Recorded,
  scratch: string,
  random: Random,
  { images, isKept = () => true, onProgress = () => {} }: Cut,
): Promise<Found> {
  const operations = recording.filter(isKept);
  const directory = mkdtempSync(join(memoryDirectory(scratch), 'badged-images-'));
  const backupFacts = factsUntil(acknowledged, backupBegunAt);
  const problems: string[] = [];
  const disk = new PowerCuts();
  let applied = 0;
  try {
    for (const [index, moment] of moments(operations.length, images, random).entries()) {
      for (; applied < moment; applied += 1) {
        const operation = operations[applied];
        if (operation !== undefined) disk.apply(operation);
      }
      const image = disk.image(random);
      const path = join(directory, String(index));
      writeImage(image, path);
      const facts = factsUntil(acknowledged, operations[moment]?.time?.begun ?? Number.POSITIVE_INFINITY);
      const found = await problemsOf(path, app.id, facts, image.has('backup.db') ? backupFacts : undefined);
      problems.push(...found.map((text) => `image ${index}, at ${moment} of ${operations.length}: ${text}`));
      rmSync(path, { recursive: true });
      if ((index + 1) % 1_000 === 0) onProgress(`${index + 1} images, ${problems.length} problems`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return { images, problems: problems.slice(0, 100) };
}

/** Ascending: how many operations there were before the power cut. */
function moments(operations: number, images: number, random: Random): number[] {
  const moments = Array.from({ length: images }, () => Math.floor(random() * (operations + 1)));
  return moments.sort((a, b) => a - b);
}

/** Where syncs cost nothing, if there is such a place. */
function memoryDirectory(otherwise: string): string {
  const directory = '/dev/shm';
  if (!existsSync(directory)) return otherwise;
  mkdirSync(otherwise, { recursive: true });
  return directory ?? tmpdir();
}
