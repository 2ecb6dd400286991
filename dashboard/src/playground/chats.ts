/** A person's conversations, as their app would list them: the list as it was read, the counts as they are live. */
import { useQuery } from '@tanstack/react-query';
import { type Api, api } from '../server/api.js';
import { countsMessages } from './counted.js';
import { chatsKey, type LiveBadge } from './live_badges.js';
import type { Person } from './people.js';
import { lastOfOthers, type Said, textOf } from './said.js';

type Conversation = Awaited<ReturnType<Api['listUserConversations']>>[number];

export interface Chat {
  readonly id: string;
  readonly title: string;
  readonly others: readonly string[];
  readonly unread: number;
  /** Whether the badge counts any of the unread ones. */
  readonly isCounted: boolean;
  readonly level: Conversation['notifications']['level'];
  /** The last message, in a line. */
  readonly preview: string;
  /** Where "mark as unread" begins, if there is anything to mark. */
  readonly unreadFrom: number | undefined;
}

export const mostChats = 20;

export function useChats(app: string, person: Person) {
  return useQuery({
    queryKey: chatsKey(app, person),
    queryFn: () => api.listUserConversations({ app_uuid: app, user_id: person, page_size: mostChats }),
  });
}

/** Conversations of two first: the shortest way to one another. */
export function chatsOf(
  person: Person,
  conversations: readonly Conversation[],
  badge: LiveBadge | undefined,
  said: Said,
): readonly Chat[] {
  return conversations
    .toSorted((a, b) => a.participants.length - b.participants.length)
    .map((conversation) => chatOf(person, conversation, badge, said));
}

function chatOf(person: Person, conversation: Conversation, badge: LiveBadge | undefined, said: Said): Chat {
  const id = uuidOf(conversation.id);
  const others = conversation.participants.filter((participant) => participant !== person);
  return {
    id,
    title: titleOf(conversation, others),
    others,
    unread: unreadOf(conversation, badge),
    isCounted: badge === undefined || isCounted(conversation, badge),
    level: conversation.notifications.muted_until === null ? conversation.notifications.level : 'none',
    preview: previewOf(person, conversation, said),
    unreadFrom: unreadFrom(person, id, conversation, said),
  };
}

/** Ids are answered as URIs, and may be sent as the UUID alone, which reads better in an address. */
export function uuidOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

export function titleOf({ metadata }: Pick<Conversation, 'metadata'>, others: readonly string[]): string {
  const [other] = others;
  if (others.length === 1 && other !== undefined) return other;
  if (typeof metadata.title === 'string' && metadata.title !== '') return metadata.title;
  return others.length === 0 ? 'Only me' : others.join(', ');
}

/** The stream tells of the unread ones only, and of all of them unless it says otherwise. */
function unreadOf({ id, unread_message_count }: Conversation, badge: LiveBadge | undefined): number {
  if (badge?.conversations === undefined) return unread_message_count;
  const live = badge.conversations.find((unread) => unread.id === id);
  if (live === undefined && badge.more_conversations === true) return unread_message_count;
  return live?.unread_message_count ?? 0;
}

function isCounted({ id }: Conversation, badge: LiveBadge): boolean {
  return countsMessages(badge) && badge.conversations?.find((unread) => unread.id === id)?.badge_count !== 0;
}

function previewOf(person: Person, { last_message: last }: Conversation, said: Said): string {
  if (last === null) return 'No messages yet';
  const by = last.sender.user_id ?? last.sender.name ?? '';
  const text = textOf(said, last.id) ?? 'a message';
  return by === person ? `You: ${text}` : `${by}: ${text}`;
}

/** One's own messages never count, so that to mark them would show nothing. */
function unreadFrom(person: Person, id: string, { last_message: last }: Conversation, said: Said) {
  if (last === null) return undefined;
  return last.sender.user_id === person ? lastOfOthers(said, id, person) : last.position;
}
