/** Splits bytes into lines without their ends. */
import { ApiError } from '../foundation/errors.js';

/** A line, or why it was dropped. */
export type Line = Buffer | ApiError;

/** What the unfinished line holds. */
export interface LineMemory {
  /** Grows to this many bytes. Throws an ApiError if there is too little memory. */
  reserve(bytes: number): void;
  release(): void;
}

const newline = 0x0a;

export class LineSplitter {
  readonly #maxBytes: number;
  readonly #memory: LineMemory;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Set if the line is dropped: the rest of it is skipped. */
  #dropped: ApiError | undefined;

  constructor(maxBytes: number, memory: LineMemory) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Whether a line has begun that has not ended. */
  get isInsideLine(): boolean {
    return this.#bytes > 0;
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
    this.#reserve();
    return lines.filter(isNotBlank);
  }

  /** The last line, if it has no line end. */
  end(): Line[] {
    return [this.#take()].filter(isNotBlank);
  }

  #add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#dropped !== undefined) return;
    if (this.#bytes <= this.#maxBytes) this.#pieces.push(piece);
    else this.#drop(new ApiError('invalid_request', 'The line is too long.'));
  }

  /** Only what stays until more bytes arrive counts. */
  #reserve(): void {
    if (this.#dropped !== undefined) return;
    try {
      this.#memory.reserve(this.#bytes);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#drop(error);
    }
  }

  #drop(reason: ApiError): void {
    this.#dropped = reason;
    this.#pieces = [];
    this.#memory.release();
  }

  #take(): Line {
    const line = this.#dropped ?? trimmed(joined(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
    this.#dropped = undefined;
    this.#memory.release();
    return line;
  }
}

function isNotBlank(line: Line): boolean {
  return line instanceof ApiError || line.length > 0;
}

/** Most lines are in one piece, which is not copied. */
function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

/** A carriage return or spaces at the end are not part of a line. */
function trimmed(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && (line[end - 1] ?? newline) <= 0x20) end -= 1;
  return line.subarray(0, end);
}
