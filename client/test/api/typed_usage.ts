// Not run but compiled: what the client's types let through and what they do not. An expected error that does not come
// is an error itself.

import {
  type Badge,
  BadgedError,
  type BatchOperation,
  type Client,
  createClient,
  type ErrorId,
  type Message,
} from '../../src/api/index.js';

const client: Client = createClient({ url: 'https://badges.example.com', token: async () => 'token' });
const app_uuid = '0f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const conversation_id = app_uuid;
const parts = [{ body: 'Hello', mime_type: 'text/plain' }];

export async function rightUse(): Promise<void> {
  const message: Message = await client.sendMessage({
    app_uuid,
    conversation_id,
    sender: { user_id: 'ada' },
    parts,
    notification: { title: 'Ada', recipients: [{ user_id: 'bob', text: 'Hello, Bob!' }] },
  });
  const status: 'sent' | 'read' | undefined = message.recipient_status?.bob;
  const { badge }: Badge = await client.getBadge({ app_uuid, user_id: 'bob' }, { timeoutMs: 1_000 });
  const number: number | null = badge;
  await client.listApps();
  await client.listApps({}, { signal: AbortSignal.timeout(1_000) });
  const nothing: undefined = (await client.deleteApp({ app_id: app_uuid })) ?? undefined;
  await client.createAnnouncement({ app_uuid, recipients: 'everyone', sender: { name: 'News' }, parts });
  const send: BatchOperation = {
    operation: 'send_message',
    conversation_id,
    sender: { name: 'News' },
    parts,
  };
  await client.createEvents({ app_uuid, operations: [send] });
  for await (const snapshot of client.streamBadge({ app_uuid, user_id: 'bob' })) {
    const id: string = snapshot.event_id;
    console.log(id, status, number, nothing);
  }
}

export async function wrongUse(): Promise<void> {
  // @ts-expect-error: where the service is has to be said
  createClient({ token: 'token' });
  // @ts-expect-error: the conversation is missing
  await client.sendMessage({ app_uuid, sender: { user_id: 'ada' }, parts });
  // @ts-expect-error: a count is a number
  await client.setBadge({ app_uuid, user_id: 'bob', external_unread_count: '3' });
  // @ts-expect-error: there is no such mode
  await client.changeApp({ app_id: app_uuid, badge_mode: 'messages' });
  // @ts-expect-error: there is no such operation
  await client.sendMessages({ app_uuid });
  // @ts-expect-error: nothing is known under this name
  await client.getBadge({ app_uuid, user_id: 'bob', user: 'bob' });
  // @ts-expect-error: some operations need to be told of what
  await client.getApp();
  // @ts-expect-error: the badge may be disabled
  const number: number = (await client.getBadge({ app_uuid, user_id: 'bob' })).badge;
  // @ts-expect-error: a message has no such field
  (await client.sendMessage({ app_uuid, conversation_id, parts })).text;
  // @ts-expect-error: an operation of a batch is not for an app of its own
  const operation: BatchOperation = { operation: 'create_block', owner_id: 'ada', user_id: 'bob', app_uuid };
  // @ts-expect-error: reading is no part of a batch
  const reading: BatchOperation = { operation: 'get_badge', user_id: 'bob' };
  console.log(number, operation, reading);
}

export function whatWentWrong(error: unknown): ErrorId | undefined {
  if (!(error instanceof BadgedError)) return undefined;
  if (error.id === 'id_in_use' || error.id === 'timeout') return error.id;
  // @ts-expect-error: there is no such error
  if (error.id === 'not found') return undefined;
  return error.id;
}
