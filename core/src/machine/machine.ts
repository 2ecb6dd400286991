/**
 * The state of one app as a deterministic machine: a command is decided, the event it comes to is written
 * down by whoever runs the machine, and applied. No clock, no randomness, no input or output; the same events
 * make the same state. Not here: durability, and anything about several apps.
 */
import type { Command, CommandType } from '../command.js';
import type { ChatEntity } from '../jid.js';
import type {
  ChatBadge,
  ConversationPage,
  ConversationQuery,
  ConversationView,
  ExplainedConversation,
  UserConversationView,
  UserCounts,
} from '../view.js';
import { decide } from './decide/decide.js';
import type { Decision, Known } from './decide/decision.js';
import type { Event } from './event.js';
import { evolve } from './evolve.js';
import type { MessageIds, MessageLog } from './log.js';
import { chatBadges, conversationsWith } from './query/chat_badges.js';
import { conversationPage, conversationView, userConversationView } from './query/conversations.js';
import { unreadAnnouncements, userCounts } from './query/counts.js';
import { explainConversations } from './query/explain.js';
import { isAnnouncementFor, isMessageFor, participation } from './query/meant.js';
import { AppState } from './state.js';

export class Machine {
  readonly state = new AppState();
  readonly #known: Known;

  constructor(log: MessageLog, ids: MessageIds) {
    this.#known = { state: this.state, log, ids };
  }

  decide<T extends CommandType>(command: Command<T>): Decision<T> {
    return decide(this.#known, command);
  }

  /** `reference` is where the log has the event. */
  apply(event: Event, reference: number): void {
    evolve(this.state, event, reference);
  }

  /** Undefined for an unknown user. */
  counts(user: string, now: number): UserCounts | undefined {
    const number = this.state.users.number(user);
    return number === 0 ? undefined : userCounts(this.state, number, now);
  }

  explain(
    user: string,
    now: number,
  ): { conversations: ExplainedConversation[]; announcements: string[] } | undefined {
    const number = this.state.users.number(user);
    if (number === 0) return undefined;
    const announcements = unreadAnnouncements(this.state, number);
    return {
      conversations: explainConversations(this.state, number, now),
      announcements: announcements.map(
        (announcement) => this.state.announcements.get(announcement)?.id ?? '',
      ),
    };
  }

  conversation(id: string): ConversationView | undefined {
    const conversation = this.state.conversations.number(id);
    return this.state.conversations.exists(conversation)
      ? conversationView(this.state, conversation)
      : undefined;
  }

  userConversation(user: string, id: string, now: number): UserConversationView | undefined {
    const number = this.state.users.number(user);
    const conversation = this.state.conversations.number(id);
    const row = number === 0 ? 0 : this.state.participations.find(conversation, number);
    return row === 0 ? undefined : userConversationView(this.#known, row, now);
  }

  userConversations(user: string, query: ConversationQuery, now: number): ConversationPage | undefined {
    const number = this.state.users.number(user);
    return number === 0 ? undefined : conversationPage(this.#known, number, query, now);
  }

  /** Empty for an unknown user. */
  chatBadges(user: string, now: number): ChatBadge[] {
    const number = this.state.users.number(user);
    return number === 0 ? [] : chatBadges(this.#known, number, now);
  }

  conversationsWith(user: string, entity: ChatEntity): string[] {
    const number = this.state.users.number(user);
    return number === 0 ? [] : conversationsWith(this.state, number, entity);
  }

  blocks(user: string): string[] | undefined {
    const number = this.state.users.number(user);
    return number === 0
      ? undefined
      : [...this.state.users.blocked(number)].map((blocked) => this.state.users.id(blocked));
  }

  takesPart(user: string, conversation: string): boolean {
    return participation(this.state, user, conversation) !== 0;
  }

  /** Whether the message is unread for the user now, and their notification level lets it through. */
  isMessageFor(user: string, conversation: string, position: number, now: number): boolean {
    const row = participation(this.state, user, conversation);
    return row !== 0 && isMessageFor(this.state, row, position, now);
  }

  isAnnouncementFor(user: string, announcement: string): boolean {
    return isAnnouncementFor(this.state, user, announcement);
  }

  *participants(conversation: string): Generator<string> {
    const { conversations, participations, users } = this.state;
    for (const row of participations.ofConversation(conversations.number(conversation))) {
      yield users.id(participations.user.get(row));
    }
  }

  participantCount(conversation: string): number {
    return this.state.conversations.participants.get(this.state.conversations.number(conversation));
  }
}
