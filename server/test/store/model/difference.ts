/** Where two answers differ, as a sentence. Ids that each store made for itself are the same if they are a pair. */

/** By the id that the reference made, the one that the other store made for the same thing. */
export type Pairs = ReadonlyMap<string, string>;

/** Undefined if they are the same. An absent key and one that is undefined are the same. */
export function difference(reference: unknown, store: unknown, pairs: Pairs, path = ''): string | undefined {
  if (Object.is(reference, store)) return undefined;
  if (typeof reference === 'string' && pairs.get(reference) === store) return undefined;
  if (!isObject(reference) || !isObject(store) || Array.isArray(reference) !== Array.isArray(store)) {
    return `${path || 'it'}: the reference says ${show(reference)}, the store ${show(store)}`;
  }
  for (const key of Object.keys(reference)) {
    const found = difference(own(reference, key), own(store, key), pairs, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  for (const key of Object.keys(store)) {
    if (!Object.hasOwn(reference, key) && own(store, key) !== undefined) {
      return `${path}.${key}: the reference has none, the store ${show(own(store, key))}`;
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Own keys only: `__proto__` is a user here. */
function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
