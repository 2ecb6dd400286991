/**
 * A file of the operations that got a 2xx response: one index per line, after a first line that identifies the
 * plan. A resumed replay skips these operations. If the server lost one of them, the counts differ at the end.
 */
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Plan } from './plan.js';
import { ReplayError } from './replay_error.js';

export class Ledger {
  /** The operations that earlier runs recorded; those of this run are not added. */
  readonly completed: ReadonlySet<number>;
  readonly #file: number;
  #lines: string[] = [];

  constructor(path: string, plan: Plan) {
    this.#file = openFile(path);
    const text = readFileSync(path, 'utf8');
    // A process that was killed while writing leaves an incomplete last line.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [title, ...lines] = whole.split('\n').slice(0, -1);
    const expected = titleOf(plan);
    if (title !== undefined && title !== expected) {
      closeSync(this.#file);
      throw new ReplayError(
        `${path} belongs to another replay (other messages or another seed). Give a new file, or the ` +
          'options of that replay.',
      );
    }
    ftruncateSync(this.#file, Buffer.byteLength(whole));
    if (title === undefined) writeSync(this.#file, `${expected}\n`);
    this.completed = new Set(lines.map(Number));
  }

  record(index: number): void {
    // One write for all responses of one turn of the event loop.
    if (this.#lines.push(String(index)) === 1) setImmediate(() => this.#write());
  }

  close(): void {
    this.#write();
    closeSync(this.#file);
  }

  #write(): void {
    if (this.#lines.length === 0) return;
    writeSync(this.#file, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'a+');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReplayError(`Cannot write the ledger ${path}: ${reason}.`);
  }
}

function titleOf(plan: Plan): string {
  const hash = createHash('sha256');
  for (const { kind, conversation, user, position } of plan.operations) {
    hash.update(`${kind},${conversation},${user},${position};`);
  }
  const digest = hash.digest('hex').slice(0, 16);
  return `# badged replay, seed ${plan.seed}, ${plan.operations.length} operations, plan ${digest}`;
}
