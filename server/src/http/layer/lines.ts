/**
 * Newline-delimited JSON as a batch, applied while it comes in: in steps of what has arrived, one after the other. A step
 * shares a transaction and its sync, so it should be large. Beyond one step nothing is read, so that a client which does not
 * read responses is not read from.
 */
import type { Readable } from 'node:stream';
import { mapInSlices, type SlicedWork } from '../../slices.js';
import { ApiError } from '../foundation/errors.js';
import { checkStructure, parseChecked } from '../foundation/json_body.js';
import type { Batch, BatchItem } from './batch.js';
import { type Line, type LineMemory, LineSplitter } from './line_splitter.js';

/** As many as the store takes in one append. */
const stepLines = 1_000;
/** Lines that arrive in one piece may be more: a line alone may have two MiB. */
const stepBytes = 512 * 1_024;

export interface LineOptions {
  /** The request's, whose slices the batch shares. */
  readonly work: SlicedWork;
  readonly maxLineBytes: number;
  /** How long one line may take to arrive. */
  readonly lineTimeoutMs: number;
  /** Of the line that is still arriving. */
  readonly memory: LineMemory;
  /** Throws once the sender's access has ended. Called for what has arrived, before it is applied. */
  readonly check: () => Promise<void>;
}

/** The responses in order, one line each; several lines at a time. */
export async function* applyLines(
  input: Readable,
  batch: Pick<Batch, 'apply'>,
  options: LineOptions,
): AsyncGenerator<string> {
  const { work, memory } = options;
  try {
    for await (const step of steps(lineChunks(input, options))) {
      const checked = await mapInSlices(work, step, checkLine);
      const responses = await batch.apply(await mapInSlices(work, checked, parseLine));
      const lines = await mapInSlices(work, responses, (response) => `${JSON.stringify(response)}\n`);
      yield lines.join('');
    }
  } finally {
    // If the client stops reading responses, the batch ends: the lines that are left are not applied.
    input.destroy();
    memory.release();
  }
}

/** Gathers what is already there: a read of a socket returns a fraction of a large step. */
async function* steps(chunks: AsyncGenerator<Line[]>): AsyncGenerator<Line[]> {
  let next = read(chunks);
  for (;;) {
    const first = await next;
    if (first.done === true) return;
    const step = first.value;
    next = read(chunks);
    for (let bytes = bytesOf(step); step.length < stepLines && bytes < stepBytes; ) {
      const more = await Promise.race([next.catch(() => undefined), nextTurn()]);
      // An error is thrown where the next chunk is awaited: what came before it is applied.
      if (more === undefined || more.done === true) break;
      bytes += bytesOf(more.value);
      step.push(...more.value);
      next = read(chunks);
    }
    for (let from = 0; from < step.length; from += stepLines) yield step.slice(from, from + stepLines);
  }
}

function bytesOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + (line instanceof ApiError ? 0 : line.length), 0);
}

/** Resolves once the event loop has read its sockets. */
function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(() => resolve(undefined)));
  });
}

/** The connection may break while a step is applied; the error is then thrown where the next chunk is awaited. */
function read(chunks: AsyncIterator<Line[]>): Promise<IteratorResult<Line[]>> {
  const next = chunks.next();
  next.catch(() => {});
  return next;
}

/** Apart from parsing it: for a line of two MiB each takes some milliseconds. */
function checkLine(line: Line): Line {
  if (line instanceof ApiError) return line;
  try {
    checkStructure(line);
    return line;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function parseLine(line: Line): BatchItem {
  if (line instanceof ApiError) return { error: line };
  try {
    return { operation: parseChecked(line) };
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
      if (lines.length > 0) yield lines;
      if (splitter.isInsideLine) waiting.resume();
    }
  } catch (error) {
    if (!waiting.isOver) throw error;
    yield [new ApiError('invalid_request', `The line did not end within ${lineTimeoutMs / 1_000} s.`)];
    return;
  } finally {
    waiting.pause();
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
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
