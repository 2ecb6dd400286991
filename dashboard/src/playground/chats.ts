/** A person's conversations, as their app would list them, with live counts. */
import { useQuery } from '@tanstack/react-query';
import { type Api, api } from '../server/api.js';
import { resourceId } from '../server/resource_id.js';
import { countsMessages } from './counted.js';
import { chatsKey, type LiveBadge } from './live_badges.js';
import type { Person } from './people.js';
import { lastPositionOfOthers, type Transcript, textOf } from './transcript.js';

type Conversation = Awaited<ReturnType<Api['listUserConversations']>>[number];

export interface Chat {
  /** The API accepts ids and URIs. The id is easier to read in a URL. */
  readonly id: string;
  readonly title: string;
  readonly others: readonly string[];
  readonly unread: number;
  /** Whether the badge counts any of the unread messages. */
  readonly isCounted: boolean;
  readonly level: Conversation['notifications']['level'];
  /** The last message, in a line. */
  readonly preview: string;
  /** Where "mark as unread" begins, if there is anything to mark. */
  readonly unreadFrom: number | undefined;
}

export const maxChats = 20;

export function useChats(app: string, person: Person) {
  return useQuery({
    queryKey: chatsKey(app, person),
    queryFn: () => api.listUserConversations({ app_uuid: app, user_id: person, page_size: maxChats }),
  });
}

/** Conversations of two users first. */
export function chatsOf(
  person: Person,
  conversations: readonly Conversation[],
  badge: LiveBadge | undefined,
  transcript: Transcript,
): readonly Chat[] {
  return conversations
    .toSorted((a, b) => a.participant_count - b.participant_count)
    .map((conversation) => chatOf(person, conversation, badge, transcript));
}

function chatOf(
  person: Person,
  conversation: Conversation,
  badge: LiveBadge | undefined,
  transcript: Transcript,
): Chat {
  const id = resourceId(conversation.id);
  const others = (conversation.participants ?? []).filter((participant) => participant !== person);
  return {
    id,
    title: titleOf(conversation, others),
    others,
    unread: unreadOf(conversation, badge),
    isCounted: badge === undefined || isCounted(conversation, badge),
    level: conversation.notifications.muted_until === null ? conversation.notifications.level : 'none',
    preview: previewOf(person, conversation, transcript),
    unreadFrom: unreadFrom(person, id, conversation, transcript),
  };
}

export function titleOf(
  { metadata, participant_count: count }: Pick<Conversation, 'metadata' | 'participant_count'>,
  others: readonly string[],
): string {
  const [other] = others;
  if (others.length === 1 && other !== undefined) return other;
  if (typeof metadata.title === 'string' && metadata.title !== '') return metadata.title;
  if (others.length > 0) return others.join(', ');
  return count > 1 ? `${count} participants` : 'Only me';
}

/** The stream has the unread conversations only, and says if it has not all of them. */
function unreadOf({ id, unread_message_count }: Conversation, badge: LiveBadge | undefined): number {
  if (badge?.conversations === undefined) return unread_message_count;
  const live = badge.conversations.find((unread) => unread.id === id);
  if (live === undefined && badge.more_conversations === true) return unread_message_count;
  return live?.unread_message_count ?? 0;
}

function isCounted({ id }: Conversation, badge: LiveBadge): boolean {
  return countsMessages(badge) && badge.conversations?.find((unread) => unread.id === id)?.badge_count !== 0;
}

function previewOf(person: Person, { last_message: last }: Conversation, transcript: Transcript): string {
  if (last === null) return 'No messages yet';
  const by = last.sender.user_id ?? last.sender.name ?? '';
  const text = textOf(transcript, last.id) ?? '(text not stored)';
  return by === person ? `You: ${text}` : `${by}: ${text}`;
}

/** A user's own messages never count, so the last one of another user is marked. */
function unreadFrom(
  person: Person,
  id: string,
  { last_message: last }: Conversation,
  transcript: Transcript,
) {
  if (last === null) return undefined;
  return last.sender.user_id === person ? lastPositionOfOthers(transcript, id, person) : last.position;
}
