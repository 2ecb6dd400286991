/**
 * Fingerprints of content, in 32 bits. They distinguish a retry from another request that uses the same id. They are
 * keyed, so that no caller can prepare two contents with the same fingerprint.
 */
import { keyedHash } from '../keyed_hash.js';

/** Never 0, which means "no fingerprint" in the store. */
export type Fingerprint = (content: unknown) => number;

export function fingerprints(key: Uint8Array): Fingerprint {
  const hash = keyedHash(key);
  return (content) => hash(canonicalJson(content)).readUInt32BE() || 1;
}

/** JSON with sorted keys, so that equal contents have equal texts. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join()}}`;
}
