/** The display name of a conversation: its title, else its other participants or their number, else its id, of which a UUID is shortened. */
import type { UserConversation } from '@badged/client/api';
import { useQuery } from '@tanstack/react-query';
import { api } from '../server/api.js';
import { resourceId } from '../server/resource_id.js';

const namedOthers = 3;

export function nameOfConversation(
  {
    metadata,
    participants,
    participant_count: count,
  }: Pick<UserConversation, 'metadata' | 'participants' | 'participant_count'>,
  user: string,
): string {
  const { title } = metadata;
  if (typeof title === 'string' && title.trim() !== '') return title;
  if (participants === undefined) return `${count} participants`;
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
  return (id) => names.get(id) ?? `Conversation ${shortId(resourceId(id))}`;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function shortId(id: string): string {
  return uuid.test(id) ? id.slice(0, 8) : id;
}
