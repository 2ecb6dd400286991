/**
 * The ids of what a replay creates: name-based UUIDs (RFC 9562, version 5) of the seed and a number. The same
 * plan has the same ids, so the server recognises what a replay sends again after a crash.
 */
import { createHash } from 'node:crypto';

/** A random UUID, used for replays only. */
const replayNamespace = Buffer.from('6f1d6e0c7a3f4a1c9d54b0c2f3e8a917', 'hex');

export class Identifiers {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  conversation(number: number): string {
    return nameBasedUuid(`${this.#seed}/conversations/${number}`);
  }

  message(conversation: number, position: number): string {
    return nameBasedUuid(`${this.#seed}/conversations/${conversation}/messages/${position}`);
  }

  user(number: number): string {
    return `u${number}`;
  }
}

export function nameBasedUuid(name: string, namespace: Buffer = replayNamespace): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
