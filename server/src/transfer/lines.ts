/** The lines of a transfer file, from all data of a service. */
import { createHash } from 'node:crypto';
import type { TransferSource } from '../store/transfer_port.js';
import { endLine, type Header, headerLine, rowLine } from './format.js';
import { Counts } from './line_reader.js';

/** In pages; without line breaks. */
export type Lines = AsyncIterable<readonly string[]>;

export async function* linesOf(
  source: TransferSource,
  made: Pick<Header, 'madeBy' | 'secretKeyId'>,
): AsyncGenerator<readonly string[]> {
  const hash = createHash('sha256');
  const counts = new Counts();
  const { lastAppNumber, events } = source;
  const header = headerLine({ ...made, lastAppNumber, events }, source.hasBase);
  hash.update(`${header}\n`);
  yield [header];
  for await (const rows of source.rows()) {
    const lines = rows.map(rowLine);
    for (const row of rows) counts.add(row);
    if (lines.length > 0) hash.update(`${lines.join('\n')}\n`);
    yield lines;
  }
  yield [endLine({ rows: counts.rows, sha256: hash.digest('hex') })];
}
