/**
 * Newline-delimited JSON, answered line by line while it comes in. A bounded number of operations is under
 * way at a time: who does not read the answers is not read from either.
 */
import type { Readable } from 'node:stream';
import { ApiError } from '../foundation/errors.js';
import { parseJson } from '../foundation/json_body.js';
import type { BatchAnswer, Operations } from './batch.js';

/** Enough that a store can commit many together, few enough to hold in memory. */
const maxUnderWay = 256;

/** The answers in order, one line each. `check` throws once the sender may go on no more. */
export async function* answerLines(
  input: Readable,
  maxLineBytes: number,
  { batch, check }: { readonly batch: Operations; readonly check: () => Promise<void> },
): AsyncGenerator<string> {
  const lines = splitLines(input, maxLineBytes, check)[Symbol.asyncIterator]();
  const underWay: Promise<BatchAnswer>[] = [];
  let next: Promise<Line> | undefined = read(lines);
  try {
    while (next !== undefined || underWay.length > 0) {
      const [oldest] = underWay;
      const line = await firstOf(underWay.length < maxUnderWay ? next : undefined, oldest);
      if (line === undefined) {
        underWay.shift();
        yield `${JSON.stringify(await oldest)}\n`;
      } else if (line.done === true) {
        next = undefined;
      } else {
        next = read(lines);
        if (line.value === 'too long' || line.value.length > 0) underWay.push(applyLine(line.value, batch));
      }
    }
  } finally {
    // Whoever stopped reading the answers has stopped the batch: what was not applied yet is not applied.
    input.destroy();
  }
}

type Line = IteratorResult<Buffer | 'too long'>;

/** A connection may break while nobody waits for its next line; whoever then does still gets to know. */
function read(lines: AsyncIterator<Buffer | 'too long'>): Promise<Line> {
  const line = lines.next();
  line.catch(() => {});
  return line;
}

/** The next line if it is there or comes first; undefined if the oldest operation is done. */
async function firstOf<L>(
  line: Promise<L> | undefined,
  oldest: Promise<BatchAnswer> | undefined,
): Promise<L | undefined> {
  if (line === undefined) return oldest?.then(() => undefined);
  return oldest === undefined ? line : Promise.race([line, oldest.then(() => undefined)]);
}

async function applyLine(line: Buffer | 'too long', batch: Operations): Promise<BatchAnswer> {
  if (line === 'too long') return batch.refuse(new ApiError('invalid_request', 'The line is too long.'));
  let item: unknown;
  try {
    item = parseJson(line);
  } catch (error) {
    return batch.refuse(error);
  }
  return batch.apply(item);
}

const newline = 0x0a;

/** Lines without their ends. One that is too long is skipped to its end, and said to have been there. */
async function* splitLines(
  input: Readable,
  maxLineBytes: number,
  check: () => Promise<void>,
): AsyncGenerator<Buffer | 'too long'> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const take = (): Buffer | 'too long' => {
    const line = bytes > maxLineBytes ? 'too long' : trimmed(Buffer.concat(pieces));
    pieces = [];
    bytes = 0;
    return line;
  };
  const keep = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes <= maxLineBytes) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of input) {
    await check();
    const buffer = Buffer.from(chunk);
    let from = 0;
    for (let end = buffer.indexOf(newline); end !== -1; end = buffer.indexOf(newline, from)) {
      keep(buffer.subarray(from, end));
      yield take();
      from = end + 1;
    }
    keep(buffer.subarray(from));
  }
  if (bytes > 0) yield take();
}

/** A carriage return or blanks at the end are not part of a line. */
function trimmed(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && (line[end - 1] ?? newline) <= 0x20) end -= 1;
  return line.subarray(0, end);
}
