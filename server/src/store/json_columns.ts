/** Lists and objects in columns of text, as JSON; null where there is nothing in them. The same for every engine. */
import type { Metadata } from '@badged/core';

export function listText(values: readonly unknown[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values);
}

const none: readonly number[] = [];

export function numbers(text: string | null): readonly number[] {
  return text === null ? none : list(text).map(Number);
}

/** External counts by name. */
export function nameCounts(text: string | null): [string, number][] {
  return list(text).filter(isNameCount);
}

export function metadataText(metadata: Metadata): string | null {
  return Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : null;
}

export function metadataOf(text: string | null): Metadata {
  return text === null ? {} : JSON.parse(text);
}

function list(text: string | null): unknown[] {
  const value: unknown = text === null ? [] : JSON.parse(text);
  if (!Array.isArray(value)) throw new Error(`not a list: ${text?.slice(0, 100)}`);
  return value;
}

function isNameCount(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
