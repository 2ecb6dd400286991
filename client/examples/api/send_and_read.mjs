/**
 * Two users, a message, and the badge that follows: node send_and_read.mjs. BADGED_URL and BADGED_ADMIN_TOKEN say which
 * service; it creates an app there, and deletes it again.
 */

import { createClient } from '@badged/client/api';

const { BADGED_URL: url, BADGED_ADMIN_TOKEN: adminToken } = process.env;
const admin = createClient({ url, token: adminToken });
const { id: app_uuid, token } = await admin.createApp({ name: 'Example' });
const client = createClient({ url, token });

const { id: conversation_id } = await client.createConversation({ app_uuid, participants: ['ada', 'bob'] });
const parts = [{ body: 'Hello, Bob!', mime_type: 'text/plain' }];

const stop = new AbortController();
for await (const { badge } of client.streamBadge({ app_uuid, user_id: 'bob', signal: stop.signal })) {
  console.log(`Bob's badge: ${badge}`);
  if (badge === 0) {
    await client.sendMessage({ app_uuid, conversation_id, sender: { user_id: 'ada' }, parts });
  } else {
    const { summary } = await client.explainBadge({ app_uuid, user_id: 'bob' });
    console.log(summary);
    stop.abort();
  }
}

await client.markAllRead({ app_uuid, user_id: 'bob', conversation_id });
const { badge } = await client.getBadge({ app_uuid, user_id: 'bob' });
console.log(`Bob's badge, once he has read it: ${badge}`);
await admin.deleteApp({ app_id: app_uuid });
