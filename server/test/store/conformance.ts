/**
 * What all stores have in common, tested on one of them (promise 9: every store gives the same answers to the
 * same commands). Each subject has its file in conformance/.
 */
import { describe } from 'vitest';
import { announcements } from './conformance/announcements.js';
import { blocks } from './conformance/blocks.js';
import { conversations } from './conformance/conversations.js';
import { counting } from './conformance/counting.js';
import { durability } from './conformance/durability.js';
import { externalCounts } from './conformance/external_counts.js';
import { lists } from './conformance/lists.js';
import { messages } from './conformance/messages.js';
import { metadata } from './conformance/metadata.js';
import { notifications } from './conformance/notifications.js';
import { oddNames } from './conformance/odd_names.js';
import { order } from './conformance/order.js';
import { participation } from './conformance/participation.js';
import { receipts } from './conformance/receipts.js';
import { registry } from './conformance/registry.js';
import type { StoreFactory } from './store_under_test.js';

export type { StoreFactory, StoreUnderTest } from './store_under_test.js';

export function conformance(name: string, factory: StoreFactory): void {
  describe(`${name} conforms`, () => {
    describe('counting', () => counting(factory));
    describe('messages', () => messages(factory));
    describe('receipts', () => receipts(factory));
    describe('conversations', () => conversations(factory));
    describe('metadata', () => metadata(factory));
    describe('participation', () => participation(factory));
    describe('notification levels', () => notifications(factory));
    describe('blocks', () => blocks(factory));
    describe('announcements', () => announcements(factory));
    describe('external counts', () => externalCounts(factory));
    describe('lists', () => lists(factory));
    describe('odd names', () => oddNames(factory));
    describe('order', () => order(factory));
    describe('the registry of apps', () => registry(factory));
    describe('durability', () => durability(factory));
  });
}
