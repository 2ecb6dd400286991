/** Pages of a conversation's participants. */
import type { ParticipantsPage, ParticipantsQuery } from '../../view.js';
import type { AppState } from '../state.js';

/** O(participants) for each page, a few nanoseconds for each; only the page itself is copied. */
export function participantsPage(state: AppState, query: ParticipantsQuery): ParticipantsPage | undefined {
  const { conversations, participations, users } = state;
  const conversation = conversations.number(query.conversation);
  if (!conversations.exists(conversation)) return undefined;
  const { participant, fromId, limit } = query;
  if (participant !== undefined && participations.find(conversation, users.number(participant)) === 0)
    return undefined;
  const total = conversations.participants.get(conversation);
  const from = fromId === undefined ? 0 : users.number(fromId);
  if (from === 0 && fromId !== undefined) return { total, participants: [] };
  const after = new Uint32Array(total);
  let count = 0;
  participations.forEachOfConversation(conversation, (row) => {
    const user = participations.user.get(row);
    if (user > from) {
      after[count] = user;
      count += 1;
    }
  });
  const page = after.subarray(0, count).sort().subarray(0, limit);
  return { total, participants: Array.from(page, (user) => users.id(user)) };
}
