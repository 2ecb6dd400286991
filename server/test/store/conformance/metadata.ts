/** A conversation's metadata: set and deleted by path, whole or not at all. */
import { type ConversationOperation, limits, type Metadata, type MetadataValue } from '@badged/core';
import { expect, test } from 'vitest';
import { now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

function set(path: readonly string[], value: MetadataValue): ConversationOperation {
  return { operation: 'set', property: 'metadata', path, value };
}

function remove(...path: readonly string[]): ConversationOperation {
  return { operation: 'delete', property: 'metadata', path };
}

async function withMetadata(factory: StoreFactory, metadata: Metadata) {
  const app = await openScenario(factory);
  const conversation = await app.conversation(['ann'], { metadata });
  return {
    app,
    change: (...operations: ConversationOperation[]) => app.change(conversation, ...operations),
    refusal: (...operations: ConversationOperation[]) =>
      app.refusal({ type: 'change_conversation', conversation, operations }),
    read: async () => (await app.store.ask(app.app, { type: 'conversation', conversation }))?.metadata,
  };
}

export function metadata(factory: StoreFactory): void {
  test('values are set and deleted by path, in order; objects on the way are made', async () => {
    const { change, read } = await withMetadata(factory, { a: { b: 1, c: 2 } });
    await change(set(['a', 'b'], 'one'), set(['x', 'y', 'z'], true), remove('a', 'c'), set(['n'], null));
    expect(await read()).toEqual({ a: { b: 'one' }, x: { y: { z: true } }, n: null });
    await change(set(['a'], { d: {} }), remove('x'), remove('n'));
    expect(await read()).toEqual({ a: { d: {} } });
  });

  test('an empty path replaces the whole, which must be an object', async () => {
    const { change, refusal, read } = await withMetadata(factory, { a: 1 });
    await change(set([], { b: { c: 2 } }));
    expect(await read()).toEqual({ b: { c: 2 } });
    for (const value of ['text', 3, true, null]) {
      const invalid = { code: 'invalid_property', property: 'metadata' };
      expect(await refusal(set([], value))).toEqual(invalid);
    }
    expect(await read()).toEqual({ b: { c: 2 } });
  });

  test('deleting what is not there is a no-op', async () => {
    const { change, read } = await withMetadata(factory, { a: { b: 1 } });
    await change(remove('z'), remove('a', 'z'), remove('z', 'y'), remove('toString'));
    expect(await read()).toEqual({ a: { b: 1 } });
  });

  test('a path through something that is not an object is invalid_property', async () => {
    const { refusal, read } = await withMetadata(factory, { a: { b: 'text', n: null } });
    for (const property of ['b', 'n']) {
      const invalid = { code: 'invalid_property', property: `metadata.a.${property}` };
      expect(await refusal(set(['a', property, 'c'], 1))).toEqual(invalid);
    }
    expect(await read()).toEqual({ a: { b: 'text', n: null } });
  });

  test('promise 6: a change applies as a whole or not at all', async () => {
    const { app, refusal, read } = await withMetadata(factory, { a: 'text' });
    const joins = { operation: 'add', property: 'participants', user: 'zoe' } as const;
    expect(await refusal(joins, set(['b'], 1), set(['a', 'b'], 2))).toMatchObject({
      code: 'invalid_property',
    });
    expect(await read()).toEqual({ a: 'text' });
    expect(await app.isKnown('zoe')).toBe(false);
    expect(await app.list('ann')).toHaveLength(1);
  });

  test('metadata has up to 4,096 bytes of JSON after each operation, and not only after the last', async () => {
    const { change, refusal, read } = await withMetadata(factory, {});
    const half = 'x'.repeat(limits.metadataBytes / 2);
    const invalid = { code: 'invalid_property', property: 'metadata' };
    expect(await refusal(set(['a'], half), set(['b'], half), remove('b'))).toEqual(invalid);
    expect(await refusal(set([], { a: `${half}${half}` }), set([], {}))).toEqual(invalid);
    await change(set(['a'], half), remove('a'), set(['b'], half), remove('b'), set(['c'], half));
    expect(await read()).toEqual({ c: half });
  });

  test('metadata has up to 4,096 bytes of JSON, when created and when changed', async () => {
    const { app, change, refusal, read } = await withMetadata(factory, {});
    const most = 'x'.repeat(limits.metadataBytes - '{"a":""}'.length);
    await change(set(['a'], most));
    const invalid = { code: 'invalid_property', property: 'metadata' };
    expect(await refusal(set(['a'], `${most}x`))).toEqual(invalid);
    expect(await refusal(set(['a'], most.slice(2).replace('x', '€')), set(['b'], ''))).toEqual(invalid);
    expect(await read()).toEqual({ a: most });
    const create = {
      type: 'create_conversation',
      id: uuid(77),
      participants: ['zoe'],
      distinct: false,
    } as const;
    expect(await app.refusal({ ...create, metadata: { a: `${most}x` }, at: now })).toEqual(invalid);
    expect(await app.isKnown('zoe')).toBe(false);
  });

  test('changing metadata leaves counts and distinctness alone', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob'], { distinct: true });
    await app.send(chat, 'ann');
    await app.change(chat, set(['title'], 'Tea'));
    expect(await app.unread('bob')).toBe(1);
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: chat })).toMatchObject({
      distinct: true,
    });
  });

  test('keys that objects inherit are keys like any other', async () => {
    const { change, read } = await withMetadata(factory, {});
    await change(set(['__proto__', 'polluted'], true), set(['constructor', 'prototype', 'polluted'], true));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const kept = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    expect(JSON.stringify(await read())).toBe(kept);
  });

  test('what a caller does to an object afterwards does not reach the store', async () => {
    const { app, change, read } = await withMetadata(factory, {});
    const inner = { b: 1 };
    await change(set(['a'], inner));
    inner.b = 2;
    expect(await read()).toEqual({ a: { b: 1 } });
    expect(await app.list('ann')).toHaveLength(1);
  });
}
