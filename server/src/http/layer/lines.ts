/**
 * Newline-delimited JSON as a batch, applied while it comes in: in chunks of what has arrived, one after the other. The
 * next chunk is read while one is applied, and no more, so that a client which does not read responses is not read from.
 */
import type { Readable } from 'node:stream';
import { mapInSlices, type SlicedWork } from '../../slices.js';
import { ApiError } from '../foundation/errors.js';
import { parseJson } from '../foundation/json_body.js';
import type { Batch, BatchItem } from './batch.js';
import { type Line, type LineMemory, LineSplitter } from './line_splitter.js';

/** Enough that one step of the store is worth it, and few enough to hold in memory. */
const chunkLines = 256;

export interface LineOptions {
  /** The request's, whose slices the batch shares. */
  readonly work: SlicedWork;
  readonly maxLineBytes: number;
  /** How long one line may take to arrive. */
  readonly lineTimeoutMs: number;
  /** Of the line that is still arriving. */
  readonly memory: LineMemory;
  /** Throws once the sender's access has ended. Called before each chunk. */
  readonly check: () => Promise<void>;
}

/** The responses in order, one line each; several lines at a time. */
export async function* applyLines(
  input: Readable,
  batch: Pick<Batch, 'apply'>,
  options: LineOptions,
): AsyncGenerator<string> {
  const { work, memory } = options;
  const chunks = lineChunks(input, options)[Symbol.asyncIterator]();
  let next = read(chunks);
  try {
    for (let chunk = await next; chunk.done !== true; chunk = await next) {
      next = read(chunks);
      const responses = await batch.apply(await mapInSlices(work, chunk.value, parseLine));
      const lines = await mapInSlices(work, responses, (response) => `${JSON.stringify(response)}\n`);
      yield lines.join('');
    }
  } finally {
    // If the client stops reading responses, the batch ends: the lines that are left are not applied.
    input.destroy();
    memory.release();
  }
}

/** The connection may break while a chunk is applied; the error is then thrown where the next one is awaited. */
function read(chunks: AsyncIterator<Line[]>): Promise<IteratorResult<Line[]>> {
  const next = chunks.next();
  next.catch(() => {});
  return next;
}

function parseLine(line: Line): BatchItem {
  if (line instanceof ApiError) return { error: line };
  try {
    return { operation: parseJson(line) };
  } catch (error) {
    return { error };
  }
}

/** The lines that arrived together, without blank ones. A line that takes too long is the last. */
async function* lineChunks(
  input: Readable,
  { maxLineBytes, memory, lineTimeoutMs, check }: LineOptions,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(maxLineBytes, memory);
  // Time spent applying lines does not count: nothing is read meanwhile.
  const waiting = new LineTimer(lineTimeoutMs, () => input.destroy());
  try {
    for await (const received of input) {
      waiting.pause();
      await check();
      const lines = splitter.push(Buffer.from(received));
      if (lines.length > 0) waiting.reset();
      yield* chunksOf(lines);
      if (splitter.isInsideLine) waiting.resume();
    }
  } catch (error) {
    if (!waiting.isOver) throw error;
    yield [new ApiError('invalid_request', `The line did not end within ${lineTimeoutMs / 1_000} s.`)];
    return;
  } finally {
    waiting.pause();
  }
  yield* chunksOf(splitter.end());
}

function* chunksOf(lines: readonly Line[]): Generator<Line[]> {
  for (let from = 0; from < lines.length; from += chunkLines) yield lines.slice(from, from + chunkLines);
}

/** The time that one line has been waited for. */
class LineTimer {
  readonly #limitMs: number;
  readonly #onOver: () => void;
  #waitedMs = 0;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, onOver: () => void) {
    this.#limitMs = limitMs;
    this.#onOver = onOver;
  }

  get isOver(): boolean {
    return this.#waitedMs >= this.#limitMs;
  }

  /** For the next line. */
  reset(): void {
    this.#waitedMs = 0;
  }

  resume(): void {
    this.#since = performance.now();
    const end = () => {
      this.#waitedMs = this.#limitMs;
      this.#timer = undefined;
      this.#onOver();
    };
    this.#timer = setTimeout(end, this.#limitMs - this.#waitedMs);
  }

  pause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitedMs += performance.now() - this.#since;
  }
}
