/**
 * A recount by brute force, for `verify`: it walks the log from its first row and holds, for every
 * participant, one byte for each message since they joined. It uses no cursors and no ranges. It does not
 * trust what the machine computed when it decided (which senders were blocked, what stays read), but computes it
 * again. Memory: one byte for each message and each participant at that time.
 * Where the log has dropped its oldest rows, it starts from what these came to (base.ts). Of messages from before then it
 * knows only whether they count, so what an event says about them is trusted.
 */
import type { Event, MarkedUnread, MessageSent, NotificationLevel, ranges, snapshot } from '@badged/core';

const ownOrBlocked = 1;
const readByReceipt = 2;

interface Participant {
  readonly joined: number;
  /** Up to this position nothing counts for them. It is where they joined, or further up where the log begins later. */
  settled: number;
  /** For the positions settled + 1, settled + 2, … */
  marks: Uint8Array;
  readonly mentioned: Set<number>;
  level: NotificationLevel;
  mutedUntil: number | null;
}

interface Conversation {
  head: number;
  /** The head where the log begins. */
  readonly base: number;
  readonly uncounted: Set<number>;
  readonly participants: Map<number, Participant>;
}

export class Recount {
  readonly users = new Map<number, string>();
  readonly conversations = new Map<number, Conversation>();
  messages = 0;
  /** Messages that do not come right after the one before them: positions have no gaps. */
  misplaced = 0;
  readonly #announcements = new Map<number, Set<number>>();
  readonly #external = new Map<number, Map<string, number>>();
  readonly #blocked = new Map<number, Set<number>>();

  apply(event: Event): void {
    if ('users' in event) for (const [user, id] of event.users ?? []) this.users.set(user, id);
    switch (event.type) {
      case 'conversation_created':
        this.conversations.set(event.conversation, {
          head: 0,
          base: 0,
          uncounted: new Set(),
          participants: new Map(),
        });
        for (const user of event.participants) this.#join(event.conversation, user);
        break;
      case 'conversation_changed':
        for (const user of event.left) this.#conversation(event.conversation).participants.delete(user);
        for (const user of event.joined) this.#join(event.conversation, user);
        break;
      case 'conversation_deleted':
        this.conversations.delete(event.conversation);
        break;
      case 'message':
        this.#message(event);
        break;
      case 'message_deleted':
        this.#conversation(event.conversation).uncounted.add(event.position);
        break;
      case 'read':
        for (const [conversation, from, to] of event.read) this.#read(conversation, event.user, from, to);
        break;
      case 'unread':
        this.#unread(event);
        break;
      case 'notifications': {
        const participant = this.#participant(event.conversation, event.user);
        participant.level = event.level;
        participant.mutedUntil = event.mutedUntil;
        break;
      }
      case 'announcement':
        for (const user of 'position' in event.recipients ? this.users.keys() : event.recipients) {
          entry(this.#announcements, user, () => new Set()).add(event.announcement);
        }
        break;
      case 'announcement_read':
        this.#announcements.get(event.user)?.delete(event.announcement);
        break;
      case 'blocks':
        this.#blocked.set(event.owner, new Set(event.blocked));
        break;
      case 'external':
        for (const [user, name, count] of event.counts) {
          const counts = entry(this.#external, user, () => new Map());
          if (count === null) counts.delete(name);
          else counts.set(name, count);
        }
        break;
    }
  }

  /** Of the base, as are the next two. The announcements are those that the user has not read. */
  restoreUser({ user, id, external, blocked }: snapshot.UserRow, announcements: readonly number[]): void {
    this.users.set(user, id);
    if (announcements.length > 0) this.#announcements.set(user, new Set(announcements));
    if (external.length > 0) this.#external.set(user, new Map(external));
    if (blocked.length > 0) this.#blocked.set(user, new Set(blocked));
  }

  restoreConversation({ conversation, head, uncounted }: snapshot.ConversationRow): void {
    this.conversations.set(conversation, {
      head,
      base: head,
      uncounted: new Set(positions(uncounted)),
      participants: new Map(),
    });
  }

  restoreParticipation(row: snapshot.ParticipationRow): void {
    const { joined, cursor, level, mutedUntil } = row;
    const mentioned = new Set(row.mentions);
    const restored = { joined, settled: cursor, marks: new Uint8Array(0), mentioned, level, mutedUntil };
    for (const position of positions(row.ranges)) mark(restored, position, readByReceipt);
    this.#conversation(row.conversation).participants.set(row.user, restored);
  }

  unreadMessages(conversation: number, user: number): number {
    return this.#open(conversation, user).length;
  }

  /** What the badge counts of them, as the participant's level says. */
  badgeCount(conversation: number, user: number, now: number): number {
    const { level, mutedUntil, mentioned } = this.#participant(conversation, user);
    if (level === 'none' || (mutedUntil !== null && mutedUntil > now)) return 0;
    const open = this.#open(conversation, user);
    return level === 'all' ? open.length : open.filter((position) => mentioned.has(position)).length;
  }

  unreadAnnouncements(user: number): number {
    return this.#announcements.get(user)?.size ?? 0;
  }

  external(user: number): number {
    return [...(this.#external.get(user)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  #join(conversation: number, user: number): void {
    const { head, participants } = this.#conversation(conversation);
    const fresh = { joined: head, settled: head, marks: new Uint8Array(0), mentioned: new Set<number>() };
    participants.set(user, { ...fresh, level: 'all', mutedUntil: null });
  }

  #message(event: MessageSent): void {
    const conversation = this.#conversation(event.conversation);
    this.messages += 1;
    if (event.position !== conversation.head + 1) this.misplaced += 1;
    conversation.head = event.position;
    if (event.silent) conversation.uncounted.add(event.position);
    for (const user of event.mentions ?? [])
      this.#participant(event.conversation, user).mentioned.add(event.position);
    const { sender } = event;
    if (typeof sender !== 'number') return;
    for (const [user, participant] of conversation.participants) {
      if (user === sender || this.#blocked.get(user)?.has(sender))
        mark(participant, event.position, ownOrBlocked);
    }
  }

  #read(conversation: number, user: number, from: number, to: number): void {
    const participant = this.#participant(conversation, user);
    for (let position = from; position <= to; position += 1) mark(participant, position, readByReceipt);
  }

  #unread(event: MarkedUnread): void {
    const { base } = this.#conversation(event.conversation);
    const participant = this.#participant(event.conversation, event.user);
    const start = Math.max(event.from, participant.joined + 1);
    unsettle(participant, start);
    const { settled, marks } = participant;
    for (let index = start - settled - 1; index < marks.length; index += 1)
      marks[index] = (marks[index] ?? 0) & ~readByReceipt;
    // Of the base, all that does not count is marked as read by receipt.
    for (const position of positions(event.except))
      if (position >= start && position <= base) mark(participant, position, ownOrBlocked);
    for (const position of event.mentions) if (position <= base) participant.mentioned.add(position);
  }

  /** The positions that are unread. */
  #open(conversation: number, user: number): number[] {
    const { head, uncounted } = this.#conversation(conversation);
    const { settled, marks } = this.#participant(conversation, user);
    const open: number[] = [];
    for (let position = settled + 1; position <= head; position += 1) {
      if (!marks[position - settled - 1] && !uncounted.has(position)) open.push(position);
    }
    return open;
  }

  #conversation(number: number): Conversation {
    const conversation = this.conversations.get(number);
    if (conversation === undefined)
      throw new Error(`the log names conversation ${number}, which does not exist`);
    return conversation;
  }

  #participant(conversation: number, user: number): Participant {
    const participant = this.#conversation(conversation).participants.get(user);
    if (participant === undefined)
      throw new Error(`the log names user ${user} in conversation ${conversation}, who takes no part in it`);
    return participant;
  }
}

function mark(participant: Participant, position: number, bit: number): void {
  const index = position - participant.settled - 1;
  if (index < 0) return;
  if (index >= participant.marks.length) {
    const grown = new Uint8Array(Math.max(8, Math.ceil((index + 1) * 1.5)));
    grown.set(participant.marks);
    participant.marks = grown;
  }
  participant.marks[index] = (participant.marks[index] ?? 0) | bit;
}

/** From this position on, the participant has marks of their own; all that was settled is marked as not counting. */
function unsettle(participant: Participant, from: number): void {
  const more = participant.settled - (from - 1);
  if (more <= 0) return;
  const marks = new Uint8Array(more + participant.marks.length).fill(readByReceipt, 0, more);
  marks.set(participant.marks, more);
  participant.marks = marks;
  participant.settled = from - 1;
}

function* positions(list: ranges.Ranges): Generator<number> {
  for (let index = 0; index < list.length; index += 2) {
    const last = list[index + 1] ?? 0;
    for (let position = list[index] ?? 0; position <= last; position += 1) yield position;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
