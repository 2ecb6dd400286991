/** A conversation's metadata: compared, and changed by path. Metadata that was given to others is never changed. */
import { limits } from './limits.js';
import { invalid, type Refusal } from './refusal.js';
import { utf8Bytes } from './text.js';

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

/** Why this is too much metadata; undefined if it is not. Reads no more of it than the limit allows. */
export function checkMetadata(metadata: Metadata): Refusal | undefined {
  return exceedsLimit(metadata) ? tooLarge() : undefined;
}

/**
 * Metadata while operations change it in order. It is copied once and then assigned in place, so that an operation costs
 * what it sets, and not what is there already.
 */
export class MetadataDraft {
  #metadata: Metadata;
  /** At least as many bytes of JSON as the metadata has: it is measured only when this exceeds the limit. */
  #bytes: number;

  constructor(before: Metadata) {
    this.#metadata = copyMetadata(before);
    this.#bytes = jsonBytes(before);
  }

  get metadata(): Metadata {
    return this.#metadata;
  }

  /**
   * Sets the value at the path; undefined deletes it. Missing objects on the path are created. The empty path is the
   * whole. Refuses what is more than `limits.metadataBytes` after this operation. The draft is useless after a refusal.
   */
  apply(path: readonly string[], value: MetadataValue | undefined): Refusal | undefined {
    const key = path.at(-1);
    if (key === undefined) return this.#replace(value === undefined ? {} : value);
    let target = this.#metadata;
    for (const [index, step] of path.slice(0, -1).entries()) {
      const existing = own(target, step);
      if (existing === undefined && value === undefined) return undefined;
      const inner = existing === undefined ? assign(target, step, {}) : existing;
      if (!isObject(inner)) return notAnObject(path.slice(0, index + 1));
      target = inner;
    }
    if (value === undefined) {
      Reflect.deleteProperty(target, key);
      return undefined;
    }
    if (exceedsLimit(value)) return tooLarge();
    assign(target, key, copyValue(value));
    return this.#grewBy(jsonBytes(path) + 3 * path.length + jsonBytes(value));
  }

  #replace(whole: MetadataValue): Refusal | undefined {
    if (!isObject(whole)) return invalid('metadata', 'Metadata must be an object.');
    if (exceedsLimit(whole)) return tooLarge();
    this.#metadata = copyMetadata(whole);
    this.#bytes = jsonBytes(whole);
    return undefined;
  }

  #grewBy(bytes: number): Refusal | undefined {
    this.#bytes += bytes;
    if (this.#bytes <= limits.metadataBytes) return undefined;
    this.#bytes = jsonBytes(this.#metadata);
    return this.#bytes > limits.metadataBytes ? tooLarge() : undefined;
  }
}

function tooLarge(): Refusal {
  return invalid('metadata', `Metadata may have ${limits.metadataBytes} bytes of JSON; this has more.`);
}

function notAnObject(path: readonly string[]): Refusal {
  const name = `metadata.${path.join('.')}`;
  return invalid(name, `${name} is not an object, so nothing can be inside it.`);
}

/** The value is walked first, so that the JSON of a very large one is never made. */
function exceedsLimit(value: MetadataValue): boolean {
  return lengthLeft(value, limits.metadataBytes) < 0 || jsonBytes(value) > limits.metadataBytes;
}

/** What the JSON of the value leaves of a length in characters, or more: negative as soon as that is certain. */
function lengthLeft(value: MetadataValue, before: number): number {
  let left = before - (typeof value === 'string' ? value.length + 2 : 1);
  if (!isObject(value)) return left;
  for (const key in value) {
    left = lengthLeft(own(value, key) ?? null, left - key.length - 4);
    if (left < 0) return left;
  }
  return left;
}

function jsonBytes(value: MetadataValue | readonly string[]): number {
  return utf8Bytes(JSON.stringify(value)) ?? 0;
}

/** Defined and not assigned, so that a key such as __proto__ is a key like any other. */
function assign(target: Metadata, key: string, value: MetadataValue): MetadataValue {
  Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
  return value;
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
