/**
 * Reads a transfer file line by line, and checks it: each line's form, the order of the rows, numbers without gaps, and at the end
 * counts and checksum.
 */
import { createHash } from 'node:crypto';
import type { ImportPosition, RowType, TransferRow } from '../store/transfer_port.js';
import { rowOrder } from '../store/transfer_port.js';
import { formatVersions, type Header, parseEnd, parseHeader, parseRow, type RowCounts } from './format.js';
import { TransferError } from './transfer_error.js';

export type Line =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'row'; readonly row: TransferRow }
  | { readonly kind: 'end' };

export class LineReader {
  #expects: 'header' | 'rows' | 'nothing' = 'header';
  #lines = 0;
  readonly #hash = createHash('sha256');
  readonly #counts = new Counts();
  readonly #order = new RowOrder();

  /** After the lines that were read. */
  get position(): ImportPosition {
    return { lines: this.#lines, sha256: this.#hash.copy().digest('hex') };
  }

  get lines(): number {
    return this.#lines;
  }

  /** @throws TransferError */
  read(text: string): Line {
    const line = this.#parse(text);
    this.#lines += 1;
    this.#hash.update(`${text}\n`);
    return line;
  }

  /** After the last line. @throws TransferError if the end is missing. */
  finish(): void {
    if (this.#expects === 'nothing') return;
    throw new TransferError(
      `The file is cut off: it ends after line ${this.#lines}, before all data. Copy or export it again.`,
    );
  }

  #parse(text: string): Line {
    if (this.#expects === 'header') return this.#header(text);
    if (this.#expects === 'nothing') return this.#refuse('comes after the end');
    const end = parseEnd(text);
    if (end !== undefined) {
      this.#expects = 'nothing';
      if (end.sha256 !== this.#hash.copy().digest('hex'))
        this.#refuse('has another checksum than the lines before it');
      if (!this.#counts.equal(end.rows)) this.#refuse('has other counts than the lines before it');
      return { kind: 'end' };
    }
    const row = parseRow(text);
    if (row === undefined) return this.#refuse('is not as badged writes it');
    const problem = this.#order.next(row);
    if (problem !== undefined) this.#refuse(problem);
    this.#counts.add(row);
    return { kind: 'row', row };
  }

  #header(text: string): Line {
    const header = parseHeader(text);
    if (header === undefined)
      throw new TransferError(
        'This is not a file that badged has exported. Name one that `badged export` made.',
      );
    if (!formatVersions.includes(header.version))
      throw new TransferError(
        `The file has version ${header.version} of the format, made by badged ${header.madeBy}; this badged reads ` +
          `versions ${formatVersions.join(' and ')}. Import it with that badged.`,
      );
    this.#expects = 'rows';
    return { kind: 'header', header };
  }

  #refuse(what: string): never {
    throw new TransferError(
      `The file is damaged or was changed: line ${this.#lines + 1} ${what}. Copy or export it again.`,
    );
  }
}

/** How many rows of each type there are. */
export class Counts {
  readonly #counts: Record<RowType, number> = {
    secret: 0,
    app: 0,
    token: 0,
    credential: 0,
    record: 0,
    device: 0,
    alert: 0,
    base: 0,
    event: 0,
  };

  get rows(): RowCounts {
    const { base, ...others } = this.#counts;
    return base === 0 ? others : this.#counts;
  }

  add({ type }: TransferRow): void {
    this.#counts[type] += 1;
  }

  equal(others: RowCounts): boolean {
    return rowOrder.every((type) => this.#counts[type] === (others[type] ?? 0));
  }
}

/**
 * Secrets, then each app with its rows, by type; rows with a number without gaps. Events begin with 1 or, after a base, at most
 * with the one that follows it.
 */
class RowOrder {
  #app = 0;
  #rank = 0;
  #number = 0;
  /** The event that the app's base reaches. */
  #base = 0;

  /** What is wrong with the row at this place; undefined if nothing is. */
  next(row: TransferRow): string | undefined {
    const rank = rowOrder.indexOf(row.type);
    if (row.type === 'app') {
      if (row.app <= this.#app) return `has app ${row.app} after app ${this.#app}`;
      this.#app = row.app;
      this.#base = 0;
    } else if (rank < this.#rank || (row.type !== 'secret' && row.app !== this.#app)) {
      return `has a row of type ${row.type} out of place`;
    }
    if (rank !== this.#rank)
      this.#number = row.type === 'event' && row.seq <= this.#base + 1 ? row.seq - 1 : 0;
    if (row.type === 'base') {
      if (this.#base !== 0 && row.seq !== this.#base)
        return `has a base up to ${row.seq} and up to ${this.#base}`;
      this.#base = row.seq;
    }
    this.#rank = rank;
    this.#number += 1;
    const number = row.type === 'event' ? row.seq : 'number' in row ? row.number : this.#number;
    return number === this.#number ? undefined : `has ${row.type} ${number} in place of ${this.#number}`;
  }
}
