/** The display name of a conversation: its title, else its other participants, else the start of its id. */
import type { UserConversation } from '@badged/client/api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../server/api.js';

const namedOthers = 3;

export function nameOfConversation(
  { metadata, participants }: Pick<UserConversation, 'metadata' | 'participants'>,
  user: string,
): string {
  const { title } = metadata;
  if (typeof title === 'string' && title.trim() !== '') return title;
  const others = participants.filter((each) => each !== user);
  if (others.length === 0) return 'Only this user';
  const named = others.slice(0, namedOthers).join(', ');
  return others.length > namedOthers ? `${named} and ${others.length - namedOthers} others` : named;
}

/** Names of the newest unread conversations, up to one page. */
export function useConversationNames(app: string, user: string): (conversation: string) => string {
  const { data = [] } = useQuery({
    queryKey: ['of-user', app, user, 'unread names'],
    queryFn: () =>
      api.listUserConversations({ app_uuid: app, user_id: user, unread: true, sort_by: 'last_message' }),
  });
  const names = new Map(data.map((each) => [each.id, nameOfConversation(each, user)]));
  return (id) => names.get(id) ?? `Conversation ${uuidOf(id).slice(0, 8)}`;
}

export function uuidOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
