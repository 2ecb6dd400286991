/**
 * The ids of an app's conversations, by number. A UUID takes four 32-bit columns, 16 bytes. Any other text is stored
 * as such, and found by a keyed hash, so that users who influence ids cannot make them collide.
 */
import { isUuid, uuidFromWords, uuidToWords } from '../uuid.js';
import { hashPair, NumberColumn, RowIndex } from './columns.js';
import type { HashKey } from './participant_sets.js';
import { Texts } from './texts.js';

export class ConversationIds {
  readonly #a = new NumberColumn();
  readonly #b = new NumberColumn();
  readonly #c = new NumberColumn();
  readonly #d = new NumberColumn();
  readonly #index = new RowIndex((row) => hashPair(this.#a.get(row), this.#d.get(row)));
  readonly #texts: Texts;
  /** The one found last: a command asks for the same conversation several times, and an id never changes. */
  #found: { readonly id: string; readonly conversation: number } | undefined;

  constructor(key: HashKey) {
    this.#texts = new Texts(key);
  }

  /** The number of the conversation with this id; 0 if there never was one. */
  number(id: string): number {
    if (id === this.#found?.id) return this.#found.conversation;
    const conversation = this.#find(id);
    if (conversation !== 0) this.#found = { id, conversation };
    return conversation;
  }

  id(conversation: number): string {
    if (conversation === this.#found?.conversation) return this.#found.id;
    return (
      this.#texts.text(conversation) ||
      uuidFromWords(
        this.#a.get(conversation),
        this.#b.get(conversation),
        this.#c.get(conversation),
        this.#d.get(conversation),
      )
    );
  }

  #find(id: string): number {
    if (!isUuid(id)) return this.#texts.number(id);
    const [a, b, c, d] = uuidToWords(id);
    return this.#index.find(
      hashPair(a, d),
      (row) =>
        this.#a.get(row) === a && this.#b.get(row) === b && this.#c.get(row) === c && this.#d.get(row) === d,
    );
  }

  get bytes(): number {
    const words = this.#a.bytes + this.#b.bytes + this.#c.bytes + this.#d.bytes;
    return words + this.#index.bytes + this.#texts.bytes;
  }

  /** Whether one more fits, of any length. */
  get hasRoom(): boolean {
    return this.#texts.hasRoomFor(1);
  }

  /** Call it once for each number, with an id that no other number has. */
  assign(conversation: number, id: string): void {
    if (!isUuid(id)) {
      this.#texts.set(conversation, id);
      return;
    }
    const [a, b, c, d] = uuidToWords(id);
    this.#a.set(conversation, a);
    this.#b.set(conversation, b);
    this.#c.set(conversation, c);
    this.#d.set(conversation, d);
    this.#index.insert(conversation);
  }
}
