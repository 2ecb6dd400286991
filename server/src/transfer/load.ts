/** Loads the lines of a transfer file into an empty target, or goes on where an earlier import stopped. */
import {
  ImportOvertaken,
  type ImportPosition,
  type TransferRow,
  type TransferTarget,
} from '../store/transfer_port.js';
import type { Header } from './format.js';
import { LineReader } from './line_reader.js';
import type { Lines } from './lines.js';
import { TransferError } from './transfer_error.js';

const defaultRowsPerWrite = 1_000;
const charactersPerWrite = 1_000_000;

export interface LoadOptions {
  /** For sentences, such as "the data directory ./data". */
  readonly name: string;
  /** Called when the first rows are about to be written. */
  readonly onHeader?: (header: Header) => void;
  /** Called if an import goes on, with the lines that are there already. */
  readonly onResume?: (lines: number) => void;
  readonly rowsPerWrite?: number;
}

/** Returns the header. The target is complete only after `complete`. @throws TransferError */
export async function load(lines: Lines, target: TransferTarget, options: LoadOptions): Promise<Header> {
  const state = await target.state();
  if (state === 'in use')
    throw new TransferError(
      `There is data in ${options.name} already. Import into one that is empty. Nothing was changed.`,
    );
  try {
    return await new Loading(target, state === 'empty' ? undefined : state, options).run(lines);
  } catch (error) {
    if (!(error instanceof ImportOvertaken)) throw error;
    throw new TransferError(`Another import writes to ${options.name}. Wait for its end, or stop it.`);
  }
}

class Loading {
  readonly #target: TransferTarget;
  readonly #options: LoadOptions;
  readonly #reader = new LineReader();
  /** Where an earlier import stopped. */
  readonly #resumesAt: ImportPosition | undefined;
  #written: ImportPosition | undefined;
  #rows: TransferRow[] = [];
  #characters = 0;
  #header: Header | undefined;

  constructor(target: TransferTarget, resumesAt: ImportPosition | undefined, options: LoadOptions) {
    this.#target = target;
    this.#resumesAt = resumesAt;
    this.#written = resumesAt;
    this.#options = options;
    if (resumesAt !== undefined) options.onResume?.(resumesAt.lines);
  }

  async run(lines: Lines): Promise<Header> {
    for await (const page of lines) for (const text of page) await this.#line(text);
    this.#reader.finish();
    if (this.#reader.lines < (this.#resumesAt?.lines ?? 0)) this.#refuseOther();
    await this.#write();
    if (this.#header === undefined) throw new Error('a file that is complete has no header');
    return this.#header;
  }

  async #line(text: string): Promise<void> {
    const line = this.#reader.read(text);
    if (line.kind === 'header') {
      this.#header = line.header;
      this.#options.onHeader?.(line.header);
      if (this.#resumesAt === undefined) await this.#begin();
    }
    if (this.#isWritten()) return;
    if (line.kind !== 'row') return;
    this.#rows.push(line.row);
    this.#characters += text.length;
    const { rowsPerWrite = defaultRowsPerWrite } = this.#options;
    if (this.#rows.length >= rowsPerWrite || this.#characters >= charactersPerWrite) await this.#write();
  }

  async #begin(): Promise<void> {
    this.#written = this.#reader.position;
    await this.#target.begin(this.#written);
  }

  /** Whether the line was written by the earlier import. */
  #isWritten(): boolean {
    const { lines, sha256 } = this.#resumesAt ?? { lines: 0, sha256: '' };
    if (this.#reader.lines > lines) return false;
    if (this.#reader.lines === lines && this.#reader.position.sha256 !== sha256) this.#refuseOther();
    return true;
  }

  #refuseOther(): never {
    throw new TransferError(
      `An import of other data into ${this.#options.name} was begun and is not complete. Import the same data as then, ` +
        'or start with an empty target.',
    );
  }

  async #write(): Promise<void> {
    if (this.#rows.length === 0 || this.#written === undefined) return;
    const { position } = this.#reader;
    await this.#target.write(this.#rows, this.#written, position);
    this.#written = position;
    this.#rows = [];
    this.#characters = 0;
  }
}
