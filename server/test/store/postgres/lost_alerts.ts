/** A database that lost alerts gives their ids to no others: a server that still sends a lost one touches no other. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../src/store/port.js';
import type { AlertContent } from '../../../src/store/push_port.js';
import { anApp, now, uuid } from '../scenario.js';
import { noCheckpoints, openCluster } from './cluster.js';
import { type Schemas, withClient } from './schemas.js';

const app = anApp();
const chat = uuid(1);
const time = { now, until: now + 60_000 };

export function lostAlerts(schemas: Schemas): void {
  describe('promise 7: after a failover that lost alerts', () => {
    for (const [name, add] of Object.entries({ message, notification }))
      test(`the next alerts of a ${name} are others, and completing a lost one leaves them`, async () => {
        const schema = await schemas.reuse();
        const { nodes, close } = await openCluster(schema, 1, noCheckpoints);
        onTestFinished(close);
        const [node] = nodes;
        if (node === undefined) throw new Error('no node');
        await node.apps.create(app);
        const created = { id: chat, participants: ['ann', 'bob'], distinct: false, metadata: null, at: 1 };
        await node.execute(app.id, { type: 'create_conversation', ...created });
        for (let n = 0; n < 3; n += 1) await add(node, `lost ${n}`);
        const lost = await node.push.claimAlerts(app.id, 10, time);
        expect(lost).toHaveLength(3);
        await withClient(schema.url, async (client) => {
          await client.query('delete from outbox');
          await client.query('delete from event where seq > 1 and app > 0');
          await client.query('update log_head set seq = 1, alert = 0 where app > 0');
        });
        for (let n = 0; n < 3; n += 1) await add(node, `new ${n}`);
        // What the server still does about the lost ones.
        const ids = lost.map(({ id }) => id);
        expect(await node.push.renewAlerts(app.id, ids, time)).toEqual([]);
        for (const id of ids) await node.push.completeAlert(app.id, id, now);
        const found = await node.push.claimAlerts(app.id, 10, time);
        expect(found.map(({ content }) => content.notification)).toEqual(['new 0', 'new 1', 'new 2']);
        expect(found.map(({ id }) => id)).toEqual([...found.map(({ id }) => id)].sort((a, b) => a - b));
      });
  });
}

async function message(store: Store, text: string): Promise<void> {
  const sent = { conversation: chat, sender: { userId: 'ann' }, mentions: [], silent: false, at: 1 };
  const { refusal } = await store.execute(app.id, { type: 'send_message', ...sent }, content(text));
  expect(refusal).toBeUndefined();
}

async function notification(store: Store, text: string): Promise<void> {
  expect(await store.push.enqueue(app.id, { id: text, users: ['bob'], content: content(text) })).toBe(true);
}

function content(text: string): AlertContent {
  return { notification: text, expiresAt: now * 2 };
}
