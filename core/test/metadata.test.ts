/** Metadata while operations change it: what it becomes, and how much of a value is read before it is refused. */
import { copyMetadata, limits, type Metadata, MetadataDraft, type MetadataValue } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', '1', 'é');
const value: fc.Arbitrary<MetadataValue> = fc.letrec<{ value: MetadataValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(null, true, 0, 'text', 'x'.repeat(limits.metadataBytes / 4), '€'.repeat(300)),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const operation = fc.record({
  path: fc.array(key, { maxLength: 3 }),
  value: fc.option(value, { nil: undefined }),
});

/** The same with entries in place of assignment: the metadata afterwards, or null if it is refused. */
function applied(before: Metadata, path: readonly string[], to: MetadataValue | undefined): Metadata | null {
  const [first, ...rest] = path;
  if (first === undefined) return to === undefined ? {} : isObject(to) ? to : null;
  const members = new Map(Object.entries(before));
  if (rest.length === 0 && to === undefined) members.delete(first);
  else if (rest.length === 0) members.set(first, to ?? null);
  else {
    const inner = members.get(first);
    if (inner === undefined && to === undefined) return before;
    const changed = inner !== undefined && !isObject(inner) ? null : applied(inner ?? {}, rest, to);
    if (changed === null) return null;
    members.set(first, changed);
  }
  return Object.fromEntries(members);
}

function isObject(one: MetadataValue): one is Metadata {
  return typeof one === 'object' && one !== null;
}

describe('a draft of metadata', () => {
  test('operations in place make what they make on copies, and are refused after the one that exceeds the limit', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const draft = new MetadataDraft({});
        let expected: Metadata = {};
        for (const { path, value } of operations) {
          const after = applied(expected, path, value);
          const isAllowed =
            after !== null && Buffer.byteLength(JSON.stringify(after)) <= limits.metadataBytes;
          expect(draft.apply(path, value) === undefined).toBe(isAllowed);
          if (!isAllowed || after === null) return;
          expected = after;
          expect(JSON.stringify(draft.metadata)).toBe(JSON.stringify(expected));
        }
      }),
    );
  });

  test('what was there before stays as it is, and so does a value that was set', () => {
    const before = { a: { b: 1 } };
    const value = { d: 2 };
    const draft = new MetadataDraft(before);
    draft.apply(['a', 'c'], value);
    draft.apply(['a', 'c', 'd'], 3);
    draft.apply(['a', 'b'], undefined);
    expect(draft.metadata).toEqual({ a: { c: { d: 3 } } });
    expect([before, value]).toEqual([{ a: { b: 1 } }, { d: 2 }]);
  });

  test('of a value of 100,000 members, no more are read than metadata may have', () => {
    let read = 0;
    const large = copyMetadata(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key${n}`, n])));
    const counted = new Proxy(large, {
      get: (target, name) => {
        read += 1;
        return Reflect.get(target, name);
      },
    });
    for (const path of [[], ['x']]) {
      read = 0;
      expect(new MetadataDraft({}).apply(path, counted)).toMatchObject({ property: 'metadata' });
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(limits.metadataBytes / 'key1:1'.length);
    }
  });
});
