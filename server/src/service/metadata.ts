/** Checks of metadata: strings, numbers, booleans, null, and objects of these. No lists. */
import { limits, type Metadata, type MetadataValue } from '@badged/core';
import { refuseInvalid } from './refused.js';

export function metadata(value: unknown): Metadata {
  if (!isObject(value)) refuseInvalid('metadata', 'metadata must be an object.');
  return new Reading().members(value, 'metadata', 1);
}

/** A value to set at a path of metadata. */
export function metadataValue(value: unknown, property: string, path: readonly string[]): MetadataValue {
  return new Reading().value(value, property, path.length + 1);
}

/** The path of "metadata.a.b" is a, b. The path of "metadata" is empty: the whole. */
export function metadataPath(property: string): readonly string[] {
  if (property.length > 'metadata.'.length + limits.metadataBytes) refuseTooLarge();
  const path = property.split('.').slice(1);
  if (path.length > limits.metadataLevels) refuseTooDeep();
  for (const key of path) checkKey(key, property);
  return path;
}

/** Checks a value member by member, and ends as soon as it is certainly more than metadata may have. */
class Reading {
  #charactersLeft: number = limits.metadataBytes;

  value(value: unknown, property: string, level: number): MetadataValue {
    this.#take(typeof value === 'string' ? value.length : 1);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return value;
    if (isObject(value)) return this.members(value, property, level);
    const message = `${property} must be a string, a number, a boolean, null or an object. Lists are not allowed.`;
    return refuseInvalid(property, message);
  }

  members(value: object, property: string, level: number): Metadata {
    if (level > limits.metadataLevels) refuseTooDeep();
    const members: [string, MetadataValue][] = [];
    // Unlike Object.entries, this reads no value of a large object that is refused.
    for (const key in value) {
      this.#take(key.length + 3);
      const path = `${property}.${key}`;
      checkKey(key, path);
      members.push([key, this.value(Reflect.get(value, key), path, level + 1)]);
    }
    return Object.fromEntries(members);
  }

  #take(characters: number): void {
    this.#charactersLeft -= characters;
    if (this.#charactersLeft < 0) refuseTooLarge();
  }
}

function refuseTooLarge(): never {
  refuseInvalid('metadata', `Metadata may have ${limits.metadataBytes} bytes of JSON; this has more.`);
}

function refuseTooDeep(): never {
  refuseInvalid('metadata', `metadata may have ${limits.metadataLevels} levels. Make it flatter.`);
}

/** An assignment to __proto__ changes an object's prototype instead of the object. */
function checkKey(key: string, property: string): void {
  if (key === '__proto__')
    refuseInvalid(property, 'A key of metadata must not be __proto__. Choose another.');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
