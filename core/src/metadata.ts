/** A conversation's metadata: compared and changed by path. Nothing here changes its input. */
import { invalid, type Refusal } from './refusal.js';

export type MetadataValue = string | number | boolean | null | { readonly [key: string]: MetadataValue };
export type Metadata = { readonly [key: string]: MetadataValue };

/** Equal whatever the order of the keys. */
export function sameMetadata(a: MetadataValue, b: MetadataValue): boolean {
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const left = own(a, key);
    const right = own(b, key);
    return left !== undefined && right !== undefined && sameMetadata(left, right);
  });
}

/** A deep copy, so that what a caller does to an object afterwards does not reach the state. */
export function copyMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, copyValue(value)]));
}

/** The metadata with the value at the path set; with undefined, deleted. Missing objects on the path are created. */
export function applyMetadata(
  metadata: Metadata,
  path: readonly string[],
  value: MetadataValue | undefined,
): { readonly metadata: Metadata } | Refusal {
  const [key, ...rest] = path;
  if (key !== undefined) return applyAt(metadata, key, rest, value, `metadata.${key}`);
  if (value === undefined) return { metadata: {} };
  return isObject(value)
    ? { metadata: copyMetadata(value) }
    : invalid('metadata', 'Metadata must be an object.');
}

function applyAt(
  metadata: Metadata,
  key: string,
  rest: readonly string[],
  value: MetadataValue | undefined,
  name: string,
): { readonly metadata: Metadata } | Refusal {
  const [next, ...after] = rest;
  if (next === undefined) return { metadata: withKey(metadata, key, value) };
  const inner = own(metadata, key);
  if (inner === undefined && value === undefined) return { metadata };
  if (inner !== undefined && !isObject(inner))
    return invalid(name, `${name} is not an object, so nothing can be inside it.`);
  const changed = applyAt(inner ?? {}, next, after, value, `${name}.${next}`);
  return 'code' in changed ? changed : { metadata: withKey(metadata, key, changed.metadata) };
}

/** Built from entries, so that a key such as __proto__ is a key like any other. */
function withKey(metadata: Metadata, key: string, value: MetadataValue | undefined): Metadata {
  const entries = new Map(Object.entries(metadata));
  if (value === undefined) entries.delete(key);
  else entries.set(key, copyValue(value));
  return Object.fromEntries(entries);
}

function copyValue(value: MetadataValue): MetadataValue {
  return isObject(value) ? copyMetadata(value) : value;
}

function own(metadata: Metadata, key: string): MetadataValue | undefined {
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}

function isObject(value: MetadataValue): value is Metadata {
  return typeof value === 'object' && value !== null;
}
