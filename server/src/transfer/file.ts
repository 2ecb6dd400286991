/** Transfer files: lines, compressed with gzip. Both directions stream, at the pace of the slower side. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import type { Lines } from './lines.js';
import { TransferError } from './transfer_error.js';

/** Each chunk but the last has at least so many characters, so that the same lines are compressed in the same chunks. */
const charactersPerChunk = 65_536;

/** Other levels take twice as long, or twice the space. */
const level = 3;

/** The file appears whole, or not at all. @throws TransferError */
export async function writeFile(path: string, lines: Lines): Promise<void> {
  const temporary = `${path}.partial`;
  try {
    await pipeline(
      chunks(lines),
      createGzip({ level }),
      createWriteStream(temporary, { mode: 0o600, flush: true }),
    );
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, path, 'written');
  }
}

export async function writeStream(output: Writable, lines: Lines): Promise<void> {
  await pipeline(chunks(lines), createGzip({ level }), output, { end: false });
}

/** @throws TransferError */
export function readFile(path: string): Lines {
  return readStream(createReadStream(path), path);
}

/** `name` is for errors. @throws TransferError */
export async function* readStream(input: Readable, name: string): AsyncGenerator<readonly string[]> {
  const gunzip = createGunzip();
  const piped = pipeline(input, gunzip);
  // The reader of `gunzip` sees the same error.
  piped.catch(() => {});
  try {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for await (const chunk of gunzip) {
      const lines = decoder.write(chunk).split('\n');
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? '';
      yield lines;
    }
    if (rest !== '') yield [rest];
  } catch (error) {
    throw fileError(error, name, 'read');
  }
}

async function* chunks(lines: Lines): AsyncGenerator<string> {
  let chunk = '';
  for await (const page of lines) {
    for (const line of page) {
      chunk += `${line}\n`;
      if (chunk.length < charactersPerChunk) continue;
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  await directory.sync();
  await directory.close();
}

/** The sentence for what the disk or the compression says; any other error as it is. */
function fileError(error: unknown, name: string, verb: 'read' | 'written'): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new TransferError(`There is no ${verb === 'read' ? name : dirname(name)}.`);
  if (code === 'Z_BUF_ERROR') return new TransferError(`${name} is cut off. Copy or export it again.`);
  if (code.startsWith('Z_'))
    return new TransferError(
      `${name} is no file that badged has exported, or it is damaged. Copy or export it again.`,
    );
  if (/^E[A-Z]+$/.test(code)) return new TransferError(`${name} cannot be ${verb} (${error}).`);
  return error;
}
