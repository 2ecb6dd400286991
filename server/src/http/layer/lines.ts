/**
 * Newline-delimited JSON as a batch, applied while it comes in: in chunks of what has arrived, one after the other. The
 * next chunk is read while one is applied, and no more, so that a client which does not read responses is not read from.
 */
import type { Readable } from 'node:stream';
import { ApiError } from '../foundation/errors.js';
import { parseJson } from '../foundation/json_body.js';
import type { Batch, BatchItem, BatchResponse } from './batch.js';

/** Enough that one step of the store is worth it, and few enough to hold in memory. */
const chunkLines = 256;

export interface LineOptions {
  readonly maxLineBytes: number;
  /** Throws once the sender's access has ended. Called before each chunk. */
  readonly check: () => Promise<void>;
}

/** The responses in order, one line each; several lines at a time. */
export async function* applyLines(
  input: Readable,
  batch: Pick<Batch, 'apply'>,
  options: LineOptions,
): AsyncGenerator<string> {
  const chunks = lineChunks(input, options)[Symbol.asyncIterator]();
  let next = read(chunks);
  try {
    for (let chunk = await next; chunk.done !== true; chunk = await next) {
      next = read(chunks);
      const responses = await batch.apply(chunk.value.map(parseLine));
      yield responses.map(lineOf).join('');
    }
  } finally {
    // If the client stops reading responses, the batch ends: the lines that are left are not applied.
    input.destroy();
  }
}

type Line = Buffer | 'too long';

/** The connection may break while a chunk is applied; the error is then thrown where the next one is awaited. */
function read(chunks: AsyncIterator<Line[]>): Promise<IteratorResult<Line[]>> {
  const next = chunks.next();
  next.catch(() => {});
  return next;
}

function parseLine(line: Line): BatchItem {
  if (line === 'too long') return { error: new ApiError('invalid_request', 'The line is too long.') };
  try {
    return { operation: parseJson(line) };
  } catch (error) {
    return { error };
  }
}

function lineOf(response: BatchResponse): string {
  return `${JSON.stringify(response)}\n`;
}

/** The lines that arrived together, without blank ones. */
async function* lineChunks(input: Readable, { maxLineBytes, check }: LineOptions): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(maxLineBytes);
  for await (const received of input) {
    await check();
    yield* slices(splitter.push(Buffer.from(received)));
  }
  yield* slices(splitter.end());
}

function* slices(lines: readonly Line[]): Generator<Line[]> {
  for (let from = 0; from < lines.length; from += chunkLines) yield lines.slice(from, from + chunkLines);
}

const newline = 0x0a;

/** Splits bytes into lines without their ends. A line that is too long is dropped, and only marked as such. */
class LineSplitter {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in these bytes. */
  push(bytes: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      this.#add(bytes.subarray(from, end));
      lines.push(this.#take());
      from = end + 1;
    }
    this.#add(bytes.subarray(from));
    return lines.filter((line) => line.length > 0);
  }

  /** The last line, if it has no line end. */
  end(): Line[] {
    return [this.#take()].filter((line) => line.length > 0);
  }

  #add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes <= this.#maxBytes) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  #take(): Line {
    const line = this.#bytes > this.#maxBytes ? 'too long' : trimmed(Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
    return line;
  }
}

/** A carriage return or spaces at the end are not part of a line. */
function trimmed(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && (line[end - 1] ?? newline) <= 0x20) end -= 1;
  return line.subarray(0, end);
}
