/** Metadata of a conversation: copied, compared, and changed by path. Keys are data, also `__proto__`. */
import type { Metadata, MetadataValue } from '@badged/core';

export function copyMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, copyValue(value)]));
}

function copyValue(value: MetadataValue): MetadataValue {
  return isObject(value) ? copyMetadata(value) : value;
}

function isObject(value: MetadataValue | undefined): value is Metadata {
  return typeof value === 'object' && value !== null;
}

/** The order of keys does not matter. */
export function sameMetadata(a: MetadataValue | undefined, b: MetadataValue | undefined): boolean {
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameMetadata(own(a, key), own(b, key)));
}

export type Changed = { readonly metadata: Metadata } | { readonly notAnObject: readonly string[] };

/**
 * With the value at the path set, or with undefined removed. Missing objects on the path are created. If the path
 * leads through a value that is not an object, returns the path of that value.
 */
export function changedAt(
  metadata: Metadata,
  path: readonly string[],
  value: MetadataValue | undefined,
): Changed {
  const [key, ...rest] = path;
  if (key === undefined) return replacedWhole(value);
  if (rest.length === 0) return { metadata: withKey(metadata, key, value) };
  if (!Object.hasOwn(metadata, key) && value === undefined) return { metadata };
  const inner = Object.hasOwn(metadata, key) ? own(metadata, key) : {};
  if (!isObject(inner)) return { notAnObject: [key] };
  const changed = changedAt(inner, rest, value);
  if ('notAnObject' in changed) return { notAnObject: [key, ...changed.notAnObject] };
  return { metadata: withKey(metadata, key, changed.metadata) };
}

function replacedWhole(value: MetadataValue | undefined): Changed {
  if (value === undefined) return { metadata: {} };
  return isObject(value) ? { metadata: copyMetadata(value) } : { notAnObject: [] };
}

export function bytesOf(metadata: Metadata): number {
  return Buffer.byteLength(JSON.stringify(metadata));
}

function own(metadata: Metadata, key: string): MetadataValue | undefined {
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}

/** Built from entries, because assigning to `__proto__` would set the prototype instead of the key. */
function withKey(metadata: Metadata, key: string, value: MetadataValue | undefined): Metadata {
  const entries = new Map(Object.entries(metadata));
  if (value === undefined) entries.delete(key);
  else entries.set(key, copyValue(value));
  return Object.fromEntries(entries);
}
