/**
 * Where log lines go: standard error, which never makes the server wait. What a slow reader has not taken is buffered, up
 * to a limit. Lines beyond it are dropped and counted.
 */
import { writeSync } from 'node:fs';

/** Writes as much as is taken now, without waiting. Returns the number of bytes. */
export type WriteNow = (bytes: Uint8Array) => number;

export interface LogOutputOptions {
  readonly writeNow: WriteNow;
  /** Called when lines are accepted again, with how many were dropped since the last call. It may log a line. */
  readonly onDropped: (lines: number) => void;
  readonly maxBufferedBytes?: number;
}

type State =
  /** Nothing is buffered: a line is written as it comes, so that not even kill -9 loses one. */
  | 'direct'
  /** The reader is behind: lines are buffered. */
  | 'buffering'
  /** The buffer is full: lines are dropped, until half of it is free. */
  | 'dropping';

/** About 5,000 lines of requests. */
const defaultMaxBufferedBytes = 1_048_576;
const retryMs = 20;
/** How long flushSync waits for a reader who takes nothing. */
const flushTimeoutMs = 1_000;

export class LogOutput {
  readonly #options: LogOutputOptions;
  readonly #maxBytes: number;
  #state: State = 'direct';
  #buffered: Uint8Array[] = [];
  #bytes = 0;
  /** Since onDropped was called last. */
  #dropped = 0;
  #droppedTotal = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #flushAtExit = () => this.flushSync();

  constructor(options: LogOutputOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBufferedBytes ?? defaultMaxBufferedBytes;
  }

  /** Lines dropped since the start. */
  get droppedTotal(): number {
    return this.#droppedTotal;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  /** Takes one line, with its line feed. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    switch (this.#state) {
      case 'direct':
        this.#writeThrough(bytes);
        break;
      case 'buffering':
        if (this.#bytes + bytes.length > this.#maxBytes) {
          this.#enter('dropping');
          this.#drop();
        } else this.#buffer(bytes);
        break;
      case 'dropping':
        this.#drop();
        break;
    }
  }

  /** Writes what is buffered, as far as it is taken now. Called by a timer until nothing is left. */
  retry(): void {
    if (this.#bytes > 0) this.#writeBuffered();
    if (this.#state === 'dropping' ? this.#bytes <= this.#maxBytes / 2 : this.#bytes === 0) this.#resume();
    this.#schedule();
  }

  /** Writes all that is buffered before it returns: it gives up after a second in which nothing was taken. */
  flushSync(): void {
    let waitedMs = 0;
    while (this.#bytes > 0 && waitedMs < flushTimeoutMs) {
      const before = this.#bytes;
      this.retry();
      if (this.#bytes < before) waitedMs = 0;
      else waitedMs += sleep(5);
    }
  }

  /** Lines that are buffered when the process exits, whatever the reason, are written then. */
  #enter(state: State): void {
    if (this.#state === 'direct') process.on('exit', this.#flushAtExit);
    if (state === 'direct') process.off('exit', this.#flushAtExit);
    this.#state = state;
  }

  #writeThrough(bytes: Uint8Array): void {
    const written = this.#options.writeNow(bytes);
    if (written === bytes.length) return;
    this.#enter('buffering');
    this.#buffer(bytes.subarray(written));
  }

  #buffer(bytes: Uint8Array): void {
    this.#buffered.push(bytes);
    this.#bytes += bytes.length;
    this.#schedule();
  }

  #drop(): void {
    this.#dropped += 1;
    this.#droppedTotal += 1;
  }

  #writeBuffered(): void {
    const bytes = Buffer.concat(this.#buffered);
    const rest = bytes.subarray(this.#options.writeNow(bytes));
    this.#buffered = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
  }

  #resume(): void {
    this.#enter(this.#bytes === 0 ? 'direct' : 'buffering');
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.#options.onDropped(dropped);
  }

  #schedule(): void {
    if (this.#bytes === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.retry();
    }, retryMs).unref();
  }
}

/**
 * Writes to standard error. Node makes a pipe or a socket non-blocking when process.stderr is first used; a terminal and a
 * file stay as they are. Nothing is written asynchronously: a blocked write in Node's thread pool would hold up the exit of
 * the process, and what was written by then would not be known.
 */
export function standardError(): WriteNow {
  const { fd } = process.stderr;
  return (bytes) => {
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EAGAIN') return 0;
      // There is no reader any more, or no space: nothing would be gained by keeping the lines.
      return bytes.length;
    }
  };
}

/** Returns the milliseconds. */
function sleep(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}
