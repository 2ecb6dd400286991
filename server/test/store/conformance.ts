/**
 * What all stores have in common, tested on one of them (promise 9: every store gives the same answers to the
 * same commands). Each subject has its file in conformance/.
 */
import { describe } from 'vitest';
import { announcements } from './conformance/announcements.js';
import { audience } from './conformance/audience.js';
import { blocks } from './conformance/blocks.js';
import { changes } from './conformance/changes.js';
import { chatBadges } from './conformance/chat_badges.js';
import { claims } from './conformance/claims.js';
import { conversations } from './conformance/conversations.js';
import { counting } from './conformance/counting.js';
import { devices } from './conformance/devices.js';
import { durability } from './conformance/durability.js';
import { externalCounts } from './conformance/external_counts.js';
import { lists } from './conformance/lists.js';
import { messageReads } from './conformance/message_reads.js';
import { messages } from './conformance/messages.js';
import { metadata } from './conformance/metadata.js';
import { notifications } from './conformance/notifications.js';
import { oddNames } from './conformance/odd_names.js';
import { order } from './conformance/order.js';
import { outbox } from './conformance/outbox.js';
import { participants } from './conformance/participants.js';
import { participation } from './conformance/participation.js';
import { pushApart } from './conformance/push_apart.js';
import { pushDurability } from './conformance/push_durability.js';
import { receipts } from './conformance/receipts.js';
import { records } from './conformance/records.js';
import { registry } from './conformance/registry.js';
import type { StoreFactory } from './store_under_test.js';

export type { StoreFactory, StoreUnderTest } from './store_under_test.js';

export function conformance(name: string, factory: StoreFactory): void {
  describe(`${name} conforms`, () => {
    describe('counting', () => counting(factory));
    describe('messages', () => messages(factory));
    describe('reads of messages', () => messageReads(factory));
    describe('receipts', () => receipts(factory));
    describe('conversations', () => conversations(factory));
    describe('metadata', () => metadata(factory));
    describe('participants', () => participants(factory));
    describe('participation', () => participation(factory));
    describe('notification levels', () => notifications(factory));
    describe('blocks', () => blocks(factory));
    describe('announcements', () => announcements(factory));
    describe('external counts', () => externalCounts(factory));
    describe('lists', () => lists(factory));
    describe('chat badges', () => chatBadges(factory));
    describe('odd names', () => oddNames(factory));
    describe('order', () => order(factory));
    describe('the registry of apps', () => registry(factory));
    describe('records', () => records(factory));
    describe('devices', () => devices(factory));
    describe('claims of devices', () => claims(factory));
    describe('audiences', () => audience(factory));
    describe('the outbox', () => outbox(factory));
    describe('changes', () => changes(factory));
    describe('push delivery of several apps', () => pushApart(factory));
    describe('durability of push delivery', () => pushDurability(factory));
    describe('durability', () => durability(factory));
  });
}
