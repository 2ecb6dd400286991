/** Creating, changing and deleting conversations. */
import type { Command } from '../../command.js';
import { limits } from '../../limits.js';
import { checkMetadata, copyMetadata, type Metadata, MetadataDraft, sameMetadata } from '../../metadata.js';
import { invalid, notFound, type Refusal, refuse, tooManyUsers } from '../../refusal.js';
import { checkConversationId, checkUserId } from '../../text.js';
import type { ConversationChanged } from '../event.js';
import { conversationView } from '../query/conversations.js';
import type { AppState } from '../state.js';
import { type Decision, type DecisionContext, done, Naming } from './decision.js';

export function createConversation(
  { state }: DecisionContext,
  command: Command<'create_conversation'>,
): Decision<'create_conversation'> {
  const taken = state.conversations.number(command.id);
  if (taken !== 0) return repeated(state, taken, command);
  const participants = [...new Set(command.participants)];
  const refusal =
    checkConversationId('id', command.id) ??
    checkParticipants(participants) ??
    checkMetadata(command.metadata ?? {});
  if (refusal !== undefined) return { refusal };
  if (command.distinct) {
    const existing = findDistinct(state, participants);
    if (existing !== 0) return existingDistinct(state, existing, command.metadata);
  }
  const blocked = checkBlocks(state, participants);
  if (blocked !== undefined) return { refusal: blocked };
  const naming = new Naming(state);
  const conversation = state.conversations.count + 1;
  const numbers = participants.map((id) => naming.number(id));
  return {
    event: {
      type: 'conversation_created',
      conversation,
      id: command.id,
      at: command.at,
      distinct: command.distinct,
      ...(command.metadata !== null && { metadata: copyMetadata(command.metadata) }),
      participants: numbers,
      ...(command.fingerprint !== undefined && { fingerprint: command.fingerprint }),
      ...naming.introductions,
    },
    result: () => ({ created: true, conversation: conversationView(state, conversation) }),
  };
}

/** The draft of a change: the participants it would leave, and who joined or left during it, in order. */
export function changeConversation(
  { state }: DecisionContext,
  command: Command<'change_conversation'>,
): Decision<'change_conversation'> {
  const conversation = state.conversations.number(command.conversation);
  if (!state.conversations.exists(conversation)) return { refusal: notFound('The conversation') };
  const draft = new Draft(state, conversation);
  for (const operation of command.operations) {
    const refusal =
      operation.property === 'participants' ? draft.participants(operation) : draft.metadataChange(operation);
    if (refusal !== undefined) return { refusal };
  }
  const refusal = draft.check();
  return refusal === undefined ? done(draft.event()) : { refusal };
}

export function deleteConversation(
  { state }: DecisionContext,
  command: Command<'delete_conversation'>,
): Decision<'delete_conversation'> {
  const conversation = state.conversations.number(command.conversation);
  if (conversation === 0) return { refusal: notFound('The conversation') };
  return done(
    state.conversations.exists(conversation) ? { type: 'conversation_deleted', conversation } : null,
  );
}

class Draft {
  readonly #state: AppState;
  readonly #conversation: number;
  readonly #naming: Naming;
  readonly #left = new Set<number>();
  readonly #joined = new Set<number>();
  /** The participants after the operations so far. Collected when an operation first needs all of them. */
  #present: Set<number> | undefined;
  #size: number;
  #metadata: MetadataDraft | undefined;
  /** How often a participant joined or left during the change, even if a later step undid it. */
  #moves = 0;

  constructor(state: AppState, conversation: number) {
    this.#state = state;
    this.#conversation = conversation;
    this.#naming = new Naming(state);
    this.#size = state.conversations.participants.get(conversation);
  }

  /** Takes time for the users that the operation names, adds and removes, and for no others. */
  participants(
    operation: Extract<Command<'change_conversation'>['operations'][number], { property: 'participants' }>,
  ): Refusal | undefined {
    if (operation.operation === 'set') return this.#set(operation.users);
    if (operation.operation === 'add') return this.#add(operation.user) ?? this.#checkMoves();
    this.#remove(this.#naming.find(operation.user));
    return this.#checkMoves();
  }

  metadataChange(
    operation: Extract<Command<'change_conversation'>['operations'][number], { property: 'metadata' }>,
  ): Refusal | undefined {
    const { conversations } = this.#state;
    this.#metadata ??= new MetadataDraft(conversations.metadata(this.#conversation));
    return this.#metadata.apply(operation.path, operation.operation === 'set' ? operation.value : undefined);
  }

  check(): Refusal | undefined {
    return this.#size > limits.participantsPerConversation ? tooManyParticipants(this.#size) : undefined;
  }

  event(): ConversationChanged | null {
    const { conversations } = this.#state;
    const before = conversations.metadata(this.#conversation);
    const after = this.#metadata?.metadata ?? before;
    const metadata = after === before || sameMetadata(before, after) ? undefined : after;
    if (this.#moves === 0 && metadata === undefined) return null;
    const { numbers, introductions } = this.#naming.only(this.#joined);
    return {
      type: 'conversation_changed',
      conversation: this.#conversation,
      distinct: conversations.isDistinct(this.#conversation) && this.#moves === 0,
      ...(metadata !== undefined && { metadata }),
      left: [...this.#left],
      joined: numbers,
      head: conversations.head.get(this.#conversation),
      ...introductions,
    };
  }

  #set(ids: readonly string[]): Refusal | undefined {
    // At least so many have to leave.
    const refusal = this.#checkMoves(this.#size - ids.length);
    if (refusal !== undefined) return refusal;
    const wanted = new Set(ids);
    for (const user of this.#all()) if (!wanted.has(this.#naming.id(user))) this.#remove(user);
    for (const id of wanted) {
      const refusal = this.#add(id);
      if (refusal !== undefined) return refusal;
    }
    return this.#checkMoves();
  }

  #add(id: string): Refusal | undefined {
    const refusal = checkUserId('participants', id);
    if (refusal !== undefined) return refusal;
    const user = this.#naming.number(id);
    if (this.#isPresent(user)) return undefined;
    this.#joined.add(user);
    this.#present?.add(user);
    this.#size += 1;
    this.#moves += 1;
    return undefined;
  }

  #remove(user: number): void {
    if (!this.#isPresent(user)) return;
    this.#joined.delete(user);
    this.#present?.delete(user);
    this.#size -= 1;
    this.#moves += 1;
    if (this.#state.participations.find(this.#conversation, user) !== 0) this.#left.add(user);
  }

  #checkMoves(more = 0): Refusal | undefined {
    const moves = this.#moves + Math.max(0, more);
    if (moves <= limits.usersPerRequest) return undefined;
    return tooManyUsers('participants', moves, 'Add and remove the others in further requests.');
  }

  #isPresent(user: number): boolean {
    if (this.#joined.has(user)) return true;
    return this.#state.participations.find(this.#conversation, user) !== 0 && !this.#left.has(user);
  }

  #all(): ReadonlySet<number> {
    if (this.#present !== undefined) return this.#present;
    const { participations } = this.#state;
    const present = new Set(this.#joined);
    participations.forEachOfConversation(this.#conversation, (row) => {
      const user = participations.user.get(row);
      if (!this.#left.has(user)) present.add(user);
    });
    this.#present = present;
    return present;
  }
}

function repeated(
  state: AppState,
  conversation: number,
  command: Command<'create_conversation'>,
): Decision<'create_conversation'> {
  if (!state.conversations.exists(conversation)) {
    return {
      refusal: refuse('id_in_use', 'This id belonged to a conversation that was deleted. Use a new one.'),
    };
  }
  const before = state.conversations.fingerprint.get(conversation);
  if (command.fingerprint !== undefined && before !== 0 && before !== command.fingerprint) {
    const message = 'A conversation with this id exists and was created with other content. Use a new id.';
    return { refusal: refuse('id_in_use', message, { existing: command.id }) };
  }
  return {
    event: null,
    result: () => ({ created: false, conversation: conversationView(state, conversation) }),
  };
}

function existingDistinct(
  state: AppState,
  conversation: number,
  metadata: Metadata | null,
): Decision<'create_conversation'> {
  if (metadata !== null && !sameMetadata(metadata, state.conversations.metadata(conversation))) {
    const message =
      'A distinct conversation of these participants exists and has other metadata. Use that one, and PATCH it.';
    return { refusal: refuse('conflict', message, { existing: state.conversations.id(conversation) }) };
  }
  return {
    event: null,
    result: () => ({ created: false, conversation: conversationView(state, conversation) }),
  };
}

/** The distinct conversation of exactly these participants, each given once; 0 if there is none. */
function findDistinct(state: AppState, participants: readonly string[]): number {
  const numbers = participants.map((id) => state.users.number(id));
  if (numbers.includes(0)) return 0;
  const { conversations, participations, sets } = state;
  return sets.find(
    numbers,
    (conversation) =>
      conversations.participants.get(conversation) === numbers.length &&
      numbers.every((user) => participations.find(conversation, user) !== 0),
  );
}

function checkParticipants(participants: readonly string[]): Refusal | undefined {
  if (participants.length === 0)
    return invalid('participants', 'A conversation needs at least one participant.');
  if (participants.length > limits.usersPerRequest)
    return tooManyUsers('participants', participants.length, 'Add the others in further requests.');
  return participants.map((id) => checkUserId('participants', id)).find((refusal) => refusal !== undefined);
}

function tooManyParticipants(count: number): Refusal {
  const most = limits.participantsPerConversation;
  return invalid(
    'participants',
    `A conversation may have ${most} participants; this one would have ${count}.`,
  );
}

function checkBlocks(state: AppState, participants: readonly string[]): Refusal | undefined {
  if (participants.length !== 2) return undefined;
  const [a = 0, b = 0] = participants.map((id) => state.users.number(id));
  if (!state.users.blocked(a).has(b) && !state.users.blocked(b).has(a)) return undefined;
  const message = 'One of the two participants blocks the other. Remove the block first.';
  return refuse('participant_blocked', message, { property: 'participants' });
}
