/**
 * The record of what a server answered with a 2xx: the index of each operation, a line each, appended as the
 * answers come. Its first line names the plan, so that one replay's ledger is never taken for another's.
 * With it a replay that goes on after a crash can leave out what was answered: if the server lost any of it,
 * the counts at the end differ.
 */
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Plan } from './plan.js';
import { ReplayError } from './replay_error.js';

export class Ledger {
  /** What earlier runs recorded; this run's answers are not added to it. */
  readonly answered: ReadonlySet<number>;
  readonly #file: number;
  #lines: string[] = [];

  constructor(path: string, plan: Plan) {
    this.#file = openFile(path);
    const text = readFileSync(path, 'utf8');
    // A process that was killed while it wrote leaves half a line, to which the next one must not be joined.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [title, ...lines] = whole.split('\n').slice(0, -1);
    const expected = titleOf(plan);
    if (title !== undefined && title !== expected) {
      closeSync(this.#file);
      throw new ReplayError(
        `${path} belongs to another replay (other messages or another seed). Give a new file, or the ` +
          'options with which it was begun.',
      );
    }
    ftruncateSync(this.#file, Buffer.byteLength(whole));
    if (title === undefined) this.#lines.push(expected);
    this.answered = new Set(lines.map(Number));
  }

  record(index: number): void {
    // Answers arrive many at a time; those of one turn of the event loop are written together.
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
