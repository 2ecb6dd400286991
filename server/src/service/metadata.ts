/** Checks of metadata: strings, numbers, booleans, null, and objects of these. No lists. */
import type { Metadata, MetadataValue } from '@badged/core';
import { refuseInvalid } from './refused.js';

/** Deeper than any metadata needs, and far from what would overflow the stack. */
const maxDepth = 64;

export function metadata(value: unknown): Metadata {
  if (!isObject(value)) refuseInvalid('metadata', 'metadata must be an object.');
  return members(value, 'metadata', 1);
}

export function metadataValue(value: unknown, property: string, depth = 1): MetadataValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (!isObject(value))
    refuseInvalid(
      property,
      `${property} must be a string, a number, a boolean, null or an object. Lists are not allowed.`,
    );
  return members(value, property, depth);
}

/** The path of "metadata.a.b" is a, b. The path of "metadata" is empty: the whole. */
export function metadataPath(property: string): readonly string[] {
  const path = property.split('.').slice(1);
  for (const key of path) checkKey(key, property);
  return path;
}

function members(value: object, property: string, depth: number): Metadata {
  if (depth > maxDepth) refuseInvalid('metadata', `metadata may have ${maxDepth} levels. Make it flatter.`);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const path = `${property}.${key}`;
      checkKey(key, path);
      return [key, metadataValue(member, path, depth + 1)];
    }),
  );
}

/** An assignment to __proto__ changes an object's prototype instead of the object. */
function checkKey(key: string, property: string): void {
  if (key === '__proto__')
    refuseInvalid(property, 'A key of metadata must not be __proto__. Choose another.');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
