/** The conversations of an app, by number (from 1, in the order of their creation), about a hundred bytes each. */
import type { Metadata } from '../metadata.js';
import { insert, noRanges, type Ranges } from '../ranges.js';
import { ByteColumn, DoubleColumn, NumberColumn } from './columns.js';
import { ConversationIds } from './conversation_ids.js';
import type { LastMessage } from './event.js';
import { NumberMap } from './paged.js';
import type { HashKey } from './participant_sets.js';

/** With a text or a short list. */
const bytesPerEntry = 150;
const bytesOfMetadata = 600;

const absent = 0;
const existing = 1;
const deleted = 2;

export class Conversations {
  readonly #ids: ConversationIds;
  readonly #status = new ByteColumn();
  readonly #distinct = new ByteColumn();
  readonly createdAt = new DoubleColumn();
  readonly fingerprint = new NumberColumn();
  /** The last position. */
  readonly head = new NumberColumn();
  /** When the message at the head was sent. */
  readonly lastAt = new DoubleColumn();
  /** The last message that is not deleted: its reference in the log (0 if there is none), and what lists show of it. */
  readonly #lastReference = new DoubleColumn();
  readonly #lastPosition = new NumberColumn();
  readonly #lastSentAt = new DoubleColumn();
  /** 0: a system sender, whose name is in the map. */
  readonly #lastUser = new NumberColumn();
  readonly #lastNames = new NumberMap<string>();
  /** Set if the caller chose the id. */
  readonly #lastIds = new NumberMap<string>();
  readonly participants = new NumberColumn();
  readonly #metadata = new NumberMap<Metadata>();
  /** Private lists that grow in place. */
  readonly #uncounted = new NumberMap<number[]>();
  readonly #deletedMessages = new NumberMap<number[]>();
  #count = 0;

  constructor(key: HashKey) {
    this.#ids = new ConversationIds(key);
  }

  /** About: the entries of maps are estimated. */
  get bytes(): number {
    const maps = [this.#lastNames, this.#lastIds, this.#uncounted, this.#deletedMessages];
    const entries = maps.reduce((sum, { size }) => sum + size, 0);
    return this.#columnBytes + bytesPerEntry * entries + bytesOfMetadata * this.#metadata.size;
  }

  get #columnBytes(): number {
    const { createdAt, fingerprint, head, lastAt, participants } = this;
    const shown = [createdAt, fingerprint, head, lastAt, participants, this.#status, this.#distinct];
    const last = [this.#lastReference, this.#lastPosition, this.#lastSentAt, this.#lastUser];
    return [this.#ids, ...shown, ...last].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether the id of one more fits. */
  get hasRoom(): boolean {
    return this.#ids.hasRoom;
  }

  /** How many there ever were; their numbers are 1 … this. */
  get count(): number {
    return this.#count;
  }

  /** The number of a conversation that exists or existed; 0 if there never was one. */
  number(id: string): number {
    return this.#ids.number(id);
  }

  id(conversation: number): string {
    return this.#ids.id(conversation);
  }

  /** Assigns the id. The setters assign everything else. */
  create(conversation: number, id: string): void {
    if (this.#status.get(conversation) === absent) {
      this.#ids.assign(conversation, id);
      this.#count = Math.max(this.#count, conversation);
    }
    this.#status.set(conversation, existing);
  }

  /** Removes everything about it but its id, which is never used again. */
  delete(conversation: number): void {
    this.#status.set(conversation, deleted);
    this.#metadata.delete(conversation);
    this.#lastNames.delete(conversation);
    this.#lastIds.delete(conversation);
    this.#uncounted.delete(conversation);
    this.#deletedMessages.delete(conversation);
  }

  exists(conversation: number): boolean {
    return this.#status.get(conversation) === existing;
  }

  isDistinct(conversation: number): boolean {
    return this.#distinct.get(conversation) === 1;
  }

  setDistinct(conversation: number, distinct: boolean): void {
    this.#distinct.set(conversation, distinct ? 1 : 0);
  }

  metadata(conversation: number): Metadata {
    return this.#metadata.get(conversation) ?? {};
  }

  setMetadata(conversation: number, metadata: Metadata): void {
    if (Object.keys(metadata).length > 0) this.#metadata.set(conversation, metadata);
    else this.#metadata.delete(conversation);
  }

  /** The positions that count for no participant: deleted or silent. */
  uncounted(conversation: number): Ranges {
    return this.#uncounted.get(conversation) ?? noRanges;
  }

  hasUncounted(conversation: number): boolean {
    return this.#uncounted.has(conversation);
  }

  setUncounted(conversation: number, positions: Ranges): void {
    if (positions.length > 0) this.#uncounted.set(conversation, [...positions]);
  }

  addUncounted(conversation: number, position: number): void {
    addTo(this.#uncounted, conversation, position);
  }

  deletedMessages(conversation: number): Ranges {
    return this.#deletedMessages.get(conversation) ?? noRanges;
  }

  setDeletedMessages(conversation: number, positions: Ranges): void {
    if (positions.length > 0) this.#deletedMessages.set(conversation, [...positions]);
  }

  addDeletedMessage(conversation: number, position: number): void {
    addTo(this.#deletedMessages, conversation, position);
  }

  lastReference(conversation: number): number {
    return this.#lastReference.get(conversation);
  }

  /** 0 if there is none. */
  lastPosition(conversation: number): number {
    return this.#lastPosition.get(conversation);
  }

  /** Null if every message is deleted, or there is none. */
  last(conversation: number): LastMessage | null {
    const reference = this.#lastReference.get(conversation);
    if (reference === 0) return null;
    const id = this.#lastIds.get(conversation);
    return {
      reference,
      position: this.#lastPosition.get(conversation),
      sender: this.#lastNames.get(conversation) ?? this.#lastUser.get(conversation),
      at: this.#lastSentAt.get(conversation),
      ...(id !== undefined && { id }),
    };
  }

  setLast(conversation: number, reference: number, message: Omit<LastMessage, 'reference'>): void {
    const { position, sender, at, id } = message;
    this.#lastReference.set(conversation, reference);
    this.#lastPosition.set(conversation, position);
    this.#lastSentAt.set(conversation, at);
    this.#lastUser.set(conversation, typeof sender === 'number' ? sender : 0);
    if (typeof sender === 'string') this.#lastNames.set(conversation, sender);
    else this.#lastNames.delete(conversation);
    if (id !== undefined) this.#lastIds.set(conversation, id);
    else this.#lastIds.delete(conversation);
  }

  clearLast(conversation: number): void {
    this.#lastReference.set(conversation, 0);
    this.#lastPosition.set(conversation, 0);
    this.#lastNames.delete(conversation);
    this.#lastIds.delete(conversation);
  }

  /** When the last message was sent; if there is none, when the conversation was created. */
  activeAt(conversation: number): number {
    return this.head.get(conversation) > 0 ? this.lastAt.get(conversation) : this.createdAt.get(conversation);
  }
}

function addTo(lists: NumberMap<number[]>, conversation: number, position: number): void {
  const list = lists.get(conversation) ?? [];
  insert(list, position, position);
  lists.set(conversation, list);
}
