/**
 * Whether alice, bob and carol are in an app and talk to one another. In the demo app, which the first start made to
 * be played with, carol and the conversation of all three are made on the way; in any other app nothing is written
 * before somebody wants it.
 */
import { useQuery } from '@tanstack/react-query';
import { type Api, api, apiThrough } from '../server/api.js';
import type { CallLog } from './call_log.js';
import { people } from './people.js';

type Conversation = Awaited<ReturnType<Api['listUserConversations']>>[number];

export interface AppOfCast {
  readonly id: string;
  readonly name: string;
}

export function useCast(app: AppOfCast, log: CallLog) {
  return useQuery({
    queryKey: ['cast', app.id],
    queryFn: async () => {
      const there = await look(app);
      if (there !== 'demo') return there;
      await makeGroup(apiThrough(log.through('Setting up carol')), app.id);
      return 'ready';
    },
    // People in an app do not go away by themselves.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The first start's app. Whoever made another one of that name did not make these users' conversation as well. */
export function isDemo({ name }: AppOfCast): boolean {
  return name === 'demo';
}

/** Creates the users by naming them. What is there already stays as it is. */
export async function makeCast(through: Api, app: string): Promise<void> {
  await makePair(through, app);
  await makeGroup(through, app);
}

async function look(app: AppOfCast): Promise<'ready' | 'demo' | 'absent'> {
  const badges = await api.setBadges({ app_uuid: app.id, user_ids: [...people] });
  const isKnown = (person: string) => badges?.users[person] != null;
  if (!isKnown('alice') || !isKnown('bob')) return 'absent';
  const conversations = await api.listUserConversations({ app_uuid: app.id, user_id: 'alice' });
  if (conversations.some((conversation) => isOf(conversation, people))) return 'ready';
  const hasPair = conversations.some(
    (conversation) => isOf(conversation, ['alice', 'bob']) && conversation.metadata.title === 'Alice and Bob',
  );
  return isDemo(app) && hasPair ? 'demo' : 'absent';
}

function isOf({ distinct, participants }: Conversation, users: readonly string[]): boolean {
  return (
    distinct && participants.length === users.length && users.every((user) => participants.includes(user))
  );
}

function makePair(through: Api, app: string) {
  return through.createConversation({
    app_uuid: app,
    participants: ['alice', 'bob'],
    distinct: true,
    metadata: { title: 'Alice and Bob' },
  });
}

function makeGroup(through: Api, app: string) {
  return through.createConversation({
    app_uuid: app,
    participants: [...people],
    distinct: true,
    metadata: { title: 'All three' },
  });
}
