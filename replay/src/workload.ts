/**
 * Reads a recorded chat workload as a stream: tab-separated lines of seconds, conversation and sender in order of
 * time, plain or gzipped, with or without a header line. It has no reads; the plan adds them.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ReplayError } from './replay_error.js';

export interface WorkloadMessage {
  /** Seconds since the first message of the workload. */
  readonly seconds: number;
  readonly conversation: number;
  readonly sender: number;
}

/** Conversations and senders are stored in 32-bit columns. */
const largestNumber = 4_294_967_295;
const headerLine = 'seconds\tconversation\tsender';

/**
 * Yields at most `limit` messages.
 * @throws ReplayError with the line's number, if a line is not valid.
 */
export async function* readWorkload(
  path: string,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<WorkloadMessage> {
  let lineNumber = 0;
  let messages = 0;
  let previousSeconds = 0;
  for await (const line of linesOf(path)) {
    if (messages >= limit) return;
    lineNumber += 1;
    if (lineNumber === 1 && line === headerLine) continue;
    const message = parseLine(line, `${path}, line ${lineNumber}`);
    if (message.seconds < previousSeconds) {
      throw new ReplayError(
        `${path}, line ${lineNumber}: time goes back from ${previousSeconds} to ${message.seconds}. ` +
          'Sort the file by its first column (sort -n -s -k1,1).',
      );
    }
    previousSeconds = message.seconds;
    messages += 1;
    yield message;
  }
  if (messages === 0 && limit > 0) throw new ReplayError(`${path} has no messages.`);
}

function parseLine(line: string, where: string): WorkloadMessage {
  const fields = line.split('\t');
  const [seconds, conversation, sender] = fields.map(parseField);
  if (fields.length !== 3 || seconds === undefined || conversation === undefined || sender === undefined) {
    const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
    throw new ReplayError(
      `${where}: expected three whole numbers separated by tabs (seconds, conversation, sender), each ` +
        `at most ${largestNumber}, but found ${JSON.stringify(shown)}. Correct or remove that line.`,
    );
  }
  return { seconds, conversation, sender };
}

function parseField(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= largestNumber ? value : undefined;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of textOf(path)) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield withoutCarriageReturn(line);
    }
  } catch (error) {
    // Only reading and unpacking fail here: an error of the consumer does not enter a generator.
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReplayError(
      `Cannot read ${path}: ${reason}. Give the path of a .tsv or .tsv.gz file, or none to generate a workload.`,
    );
  }
  if (rest !== '') yield withoutCarriageReturn(rest);
}

function textOf(path: string): NodeJS.ReadableStream {
  const file = createReadStream(path);
  const text = path.endsWith('.gz') ? pipeline(file, createGunzip(), ignoreError) : file;
  text.setEncoding('utf8');
  return text;
}

/** The reader of the last stream gets the pipeline's error too. */
function ignoreError(): void {}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
