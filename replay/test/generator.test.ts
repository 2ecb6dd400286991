import { describe, expect, test } from 'vitest';
import { generateWorkload } from '../src/generator.js';

describe('the generated workload', () => {
  test('is the same for the same seed, and another for another', () => {
    expect([...generateWorkload(7, 500)]).toEqual([...generateWorkload(7, 500)]);
    expect([...generateWorkload(7, 500)]).not.toEqual([...generateWorkload(8, 500)]);
  });

  test('begins the same however long it is', () => {
    expect([...generateWorkload(7, 2_000)].slice(0, 500)).toEqual([...generateWorkload(7, 500)]);
  });

  test('is in order of time and numbers conversations and senders without gaps', () => {
    let seconds = 0;
    let conversations = 0;
    let senders = 0;
    for (const message of generateWorkload(3, 5_000)) {
      expect(message.seconds).toBeGreaterThanOrEqual(seconds);
      expect(message.conversation).toBeLessThanOrEqual(conversations);
      expect(message.sender).toBeLessThanOrEqual(senders);
      seconds = message.seconds;
      conversations = Math.max(conversations, message.conversation + 1);
      senders = Math.max(senders, message.sender + 1);
    }
  });

  // The bounds are about half and twice what the public archive shows that the generator was fitted to.
  test.each([1, 2, 3])('has the skew of a real chat, with seed %i', (seed) => {
    const messages = [...generateWorkload(seed, 100_000)];
    const perConversation = countBy(messages, (one) => one.conversation);
    const perSender = countBy(messages, (one) => one.sender);
    const pairs = new Map(messages.map((one) => [`${one.conversation} ${one.sender}`, one.sender]));
    const conversationsOf = [...countBy([...pairs.values()], (one) => one)];
    expect(median(perConversation)).toBeLessThan(20);
    expect(Math.max(...perConversation)).toBeGreaterThan(40 * median(perConversation));
    expect(shareOfTopPercent(perConversation)).toBeGreaterThan(0.06);
    expect(shareOfTopPercent(perConversation)).toBeLessThan(0.4);
    expect(shareOfTopPercent(perSender)).toBeGreaterThan(0.3);
    expect(shareOfTopPercent(perSender)).toBeLessThan(0.85);
    expect(pairs.size / perConversation.length).toBeGreaterThan(2);
    expect(pairs.size / perConversation.length).toBeLessThan(8);
    expect(Math.max(...conversationsOf)).toBeGreaterThan(perConversation.length * 0.1);
  });
});

function countBy<Item>(items: readonly Item[], key: (item: Item) => number): number[] {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

function median(descending: readonly number[]): number {
  return descending[Math.floor(descending.length / 2)] ?? 0;
}

function shareOfTopPercent(descending: readonly number[]): number {
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  return sum(descending.slice(0, Math.ceil(descending.length / 100))) / sum(descending);
}
