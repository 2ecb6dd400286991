/**
 * Fingerprints of content: 32 bits, by which a repeat of a caller's id with the same content is told from the
 * same id with other content. Keyed, so that nobody can prepare two contents that collide.
 */
import { createHmac } from 'node:crypto';

/** Never 0, which the store keeps for "no fingerprint". */
export type Fingerprint = (content: unknown) => number;

export function fingerprints(key: Uint8Array): Fingerprint {
  return (content) => createHmac('sha256', key).update(canonicalJson(content)).digest().readUInt32BE() || 1;
}

/** JSON with the keys of every object in order, so that equal contents have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join()}}`;
}
