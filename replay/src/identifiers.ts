/**
 * The ids a replay gives to what it creates: name-based UUIDs, version 5 of RFC 9562, of the seed and the
 * number of the thing. The same plan gives the same ids, so what is sent again after a crash is recognised
 * as the same. Version 5 says that the caller made them; the server's own ids are of other versions.
 */
import { createHash } from 'node:crypto';

/** Drawn once at random, for replays only. */
const NAMESPACE = Buffer.from('6f1d6e0c7a3f4a1c9d54b0c2f3e8a917', 'hex');

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

export function nameBasedUuid(name: string, namespace: Buffer = NAMESPACE): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
