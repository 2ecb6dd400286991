/** The outbox: what puts an alert there, who may work on it, and when it is done. */
import type { Command } from '@badged/core';
import { expect, test } from 'vitest';
import { content, minute, only, openPush } from '../push_scenario.js';
import { now, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const message = { type: 'send_message', mentions: [], silent: false, at: now } as const;

export function outbox(factory: StoreFactory): void {
  withCommands(factory);
  byItself(factory);
  working(factory);
}

function withCommands(factory: StoreFactory): void {
  test('a message with an alert adds one row, however many it goes to', async () => {
    const push = await openPush(factory);
    const crowd = Array.from({ length: 500 }, (_, index) => `user ${index}`);
    const conversation = await push.app.conversation(['ann', ...crowd]);
    for (const user of crowd.slice(0, 20)) await push.register(user, user);
    const alert = content('hello');
    const outcome = await push.executeWith(alert, { ...message, conversation, sender: { userId: 'ann' } });
    expect(outcome.value?.position).toBe(1);
    expect(await push.depth()).toBe(1);
    const found = only(await push.claimAlerts());
    const audience = { kind: 'message', conversation, position: 1 };
    expect(found).toMatchObject({ app: push.app.app, audience, content: alert, settled: new Set() });
    expect(await push.audience(found.audience)).toHaveLength(20);
  });

  test('an announcement with an alert adds one row, for whom it is', async () => {
    const push = await openPush(factory);
    await push.app.external('ann', 0);
    for (const [index, recipients] of (['everyone', ['ann', 'new']] as const).entries()) {
      const id = uuid(700 + index);
      await push.executeWith(content(id), { type: 'announce', id, recipients, at: now });
      expect(await push.depth()).toBe(index + 1);
    }
    expect((await push.claimAlerts()).map((each) => each.audience)).toEqual([
      { kind: 'announcement', announcement: uuid(700) },
      { kind: 'announcement', announcement: uuid(701) },
    ]);
  });

  test('promise 3: a retry adds no row, also while the first is in flight, nor does what is refused', async () => {
    const push = await openPush(factory);
    const conversation = await push.app.conversation(['ann', 'bob']);
    const sent = {
      ...message,
      conversation,
      sender: { userId: 'ann' },
      identity: { id: uuid(78), fingerprint: 1 },
    };
    const announced = { type: 'announce', id: uuid(79), recipients: ['bob'], at: now } as const;
    const twice = [sent, sent, announced, announced];
    await Promise.all(twice.map((command) => push.executeWith(content('once'), command)));
    expect(await push.depth()).toBe(2);
    const refused: readonly Command[] = [
      { ...sent, identity: { id: uuid(78), fingerprint: 2 } },
      { ...message, conversation, sender: { userId: 'zoe' } },
      { ...message, conversation: uuid(99), sender: { userId: 'ann' } },
      { ...announced, id: uuid(80), recipients: [] },
    ];
    for (const command of refused) {
      expect((await push.executeWith(content('never'), command)).refusal).toBeDefined();
    }
    expect(await push.depth()).toBe(2);
  });

  test('a command without an alert adds no row, and nor does an alert with a command that rings for no user', async () => {
    const push = await openPush(factory);
    const conversation = await push.app.conversation(['ann', 'bob']);
    await push.app.send(conversation, 'ann');
    await push.app.announce('everyone');
    const quiet: readonly Command[] = [
      { type: 'mark_all_read', user: 'bob', conversations: [{ conversation }] },
      { type: 'set_external', counts: [{ user: 'bob', name: '', count: 4 }] },
      { type: 'delete_conversation', conversation },
    ];
    for (const command of quiet) await push.executeWith(content('never'), command);
    expect(await push.depth()).toBe(0);
  });
}

function byItself(factory: StoreFactory): void {
  test('an alert of its own goes to the users it names', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'b');
    expect(await push.enqueue('one', ['bob', 'zoe'])).toBe(true);
    const found = only(await push.claimAlerts());
    expect(found).toMatchObject({
      audience: { kind: 'users', users: ['bob', 'zoe'] },
      content: content('one'),
    });
    expect(await push.audience(found.audience)).toEqual(['bob']);
  });

  test('promise 3: an id that was used before adds no row, also when its alert is settled', async () => {
    const push = await openPush(factory);
    expect(await Promise.all([push.enqueue('one'), push.enqueue('one')])).toEqual([true, false]);
    expect(await push.enqueue('one', ['zoe'], content('other'))).toBe(false);
    const found = only(await push.claimAlerts());
    expect(found.content).toEqual(content('one'));
    await push.complete(found);
    expect(await push.enqueue('one')).toBe(false);
    expect(await push.enqueue('two')).toBe(true);
    expect([await push.depth(), await push.claimTexts()]).toEqual([1, ['two']]);
  });
}

function working(factory: StoreFactory): void {
  test('alerts are claimed oldest first, whatever put them there, and so many as asked', async () => {
    const push = await openPush(factory);
    const conversation = await push.app.conversation(['ann', 'bob']);
    await push.enqueue('1');
    await push.executeWith(content('2'), { ...message, conversation, sender: { userId: 'ann' } });
    await push.enqueue('3');
    await push.executeWith(content('4'), { type: 'announce', id: uuid(7), recipients: 'everyone', at: now });
    expect(await push.claimTexts(3)).toEqual(['1', '2', '3']);
    expect(await push.claimTexts(3)).toEqual(['4']);
    expect(await push.depth()).toBe(4);
  });

  test('what is claimed is left out of other claims until its time has come, and then comes first again', async () => {
    const push = await openPush(factory);
    for (const id of ['1', '2', '3']) await push.enqueue(id);
    expect(await push.claimTexts(2, now, now + minute)).toEqual(['1', '2']);
    expect(await push.claimTexts(9, now + minute - 1, now + 2 * minute)).toEqual(['3']);
    expect(await push.claimTexts(1, now + minute, now + 2 * minute)).toEqual(['1']);
    expect(await push.claimTexts(9, now + minute)).toEqual(['2']);
  });

  test('a claim from before the clock was set back holds for no longer than twice its time', async () => {
    const push = await openPush(factory);
    for (const id of ['1', '2']) await push.enqueue(id);
    expect(await push.claimTexts(1, now + 60 * minute, now + 61 * minute)).toEqual(['1']);
    expect(await push.claimTexts(9, now, now + minute)).toEqual(['1', '2']);
    // The clock of another node may be behind by as much as a claim lasts.
    expect(await push.claimTexts(9, now - minute, now)).toEqual([]);
    expect(await push.claimTexts(9, now - minute - 1, now - 1)).toEqual(['1', '2']);
  });

  test('two that claim at the same time do not both get an alert', async () => {
    const push = await openPush(factory);
    for (const id of ['1', '2', '3']) await push.enqueue(id);
    const both = await Promise.all([push.claimTexts(2), push.claimTexts(2)]);
    expect(both.flat().sort()).toEqual(['1', '2', '3']);
  });

  test('a completed alert is never claimed again, and the others are', async () => {
    const push = await openPush(factory);
    for (const id of ['1', '2']) await push.enqueue(id);
    const [first] = await push.claimAlerts();
    if (!first) throw new Error('nothing was claimed');
    await push.settle([{ device: 'a', accepted: null, alert: first.id }]);
    for (const _ of [1, 2]) await push.complete(first);
    await push.settle([{ device: 'b', accepted: null, alert: first.id }]);
    expect(await push.depth()).toBe(1);
    expect(await push.claimTexts(9, now + 2 * minute)).toEqual(['2']);
  });

  test('completing one when another has long expired leaves the other to be settled', async () => {
    const push = await openPush(factory);
    await push.enqueue('old', ['bob'], content('old', now - minute));
    await push.enqueue('new');
    const [old, fresh] = await push.claimAlerts();
    if (!old || !fresh) throw new Error('they were not claimed');
    await push.complete(fresh);
    expect(await push.depth()).toBe(1);
    await push.complete(old);
    expect(await push.depth()).toBe(0);
  });
}
