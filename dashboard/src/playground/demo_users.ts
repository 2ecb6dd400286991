/**
 * Checks whether an app has the demo users alice, bob and carol, and creates them. In the demo app of the first start,
 * carol is created automatically; in any other app, only on request.
 */
import { useQuery } from '@tanstack/react-query';
import { type Api, api, apiThrough } from '../server/api.js';
import type { CallLog } from './call_log.js';
import { people } from './people.js';

type Conversation = Awaited<ReturnType<Api['listUserConversations']>>[number];

export interface DemoApp {
  readonly id: string;
  readonly name: string;
}

export function useDemoUsers(app: DemoApp, log: CallLog) {
  return useQuery({
    queryKey: ['demo users', app.id],
    queryFn: async () => {
      const there = await look(app);
      if (there !== 'demo') return there;
      await createGroup(apiThrough(log.through('Create carol')), app.id);
      return 'ready';
    },
    // Users of an app do not disappear.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Whether the app may be the one of the first start. Another app of this name lacks the demo conversation. */
export function isDemo({ name }: DemoApp): boolean {
  return name === 'demo';
}

/** Creates the conversations, and with them the users. Existing ones do not change. */
export async function createDemoUsers(through: Api, app: string): Promise<void> {
  await createPair(through, app);
  await createGroup(through, app);
}

async function look(app: DemoApp): Promise<'ready' | 'demo' | 'absent'> {
  const { users } = await api.readBadges({ app_uuid: app.id, user_ids: [...people] });
  const isKnown = (person: string) => users[person] != null;
  if (!isKnown('alice') || !isKnown('bob')) return 'absent';
  const conversations = await api.listUserConversations({ app_uuid: app.id, user_id: 'alice' });
  if (conversations.some((conversation) => isOf(conversation, people))) return 'ready';
  const hasPair = conversations.some(
    (conversation) => isOf(conversation, ['alice', 'bob']) && conversation.metadata.title === 'Alice and Bob',
  );
  return isDemo(app) && hasPair ? 'demo' : 'absent';
}

function isOf({ distinct, participants = [] }: Conversation, users: readonly string[]): boolean {
  return (
    distinct && participants.length === users.length && users.every((user) => participants.includes(user))
  );
}

function createPair(through: Api, app: string) {
  return through.createConversation({
    app_uuid: app,
    participants: ['alice', 'bob'],
    distinct: true,
    metadata: { title: 'Alice and Bob' },
  });
}

function createGroup(through: Api, app: string) {
  return through.createConversation({
    app_uuid: app,
    participants: [...people],
    distinct: true,
    metadata: { title: 'All three' },
  });
}
