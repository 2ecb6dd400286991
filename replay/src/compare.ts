/**
 * The end of a replay: every user's badge and every page of every user's conversation list, fetched from the
 * server and held against the replay's own count.
 */
import { bareId, parseAnswer, propertyOf } from './answer.js';
import type { BackendAnswer, BackendClient } from './backend_client.js';
import type { Identifiers } from './identifiers.js';
import type { ExpectedConversation, Truth } from './truth.js';

export interface Difference {
  readonly user: string;
  /** The id of the conversation, or undefined if it is the user's badge or list as a whole that differs. */
  readonly conversation: string | undefined;
  readonly what: string;
  readonly expected: number | string;
  readonly found: number | string;
}

export interface Comparison {
  readonly truth: Truth;
  readonly client: BackendClient;
  readonly app: string;
  readonly ids: Identifiers;
  readonly concurrency: number;
}

export interface ComparisonState {
  /** Users compared, or being compared. */
  done: number;
  inFlight: number;
  /** Pairs of a user and a conversation. */
  participations: number;
  differenceCount: number;
  /** The first of them; a server that is wrong everywhere would fill the memory. */
  readonly differences: Difference[];
}

const MOST_DIFFERENCES_KEPT = 20;
const PAGE_SIZE = 100;

export async function compare(comparison: Comparison, state: ComparisonState): Promise<void> {
  const users = comparison.truth.byUser().entries();
  const lane = async () => {
    for (const [user, expected] of users) {
      state.inFlight += 1;
      await new UserComparison(comparison, state, user).run(expected);
      state.inFlight -= 1;
      state.done += 1;
    }
  };
  await Promise.all(Array.from({ length: comparison.concurrency }, lane));
}

interface ListedConversation {
  readonly unread: unknown;
  readonly lastMessage: unknown;
}

class UserComparison {
  readonly #comparison: Comparison;
  readonly #state: ComparisonState;
  readonly #user: string;

  constructor(comparison: Comparison, state: ComparisonState, user: number) {
    this.#comparison = comparison;
    this.#state = state;
    this.#user = comparison.ids.user(user);
  }

  async run(expected: readonly ExpectedConversation[]): Promise<void> {
    await this.#badge(expected);
    const listed = await this.#list(expected.length);
    if (listed === undefined) return;
    for (const one of expected) {
      const id = this.#comparison.ids.conversation(one.conversation);
      const found = listed.get(id);
      listed.delete(id);
      this.#state.participations += 1;
      if (found === undefined) this.#differs('listed conversation', id, 'listed', 'not listed');
      else this.#conversation(one, id, found);
    }
    for (const id of listed.keys()) {
      this.#differs('listed conversation (not of this replay?)', id, 'not listed', 'listed');
    }
  }

  async #badge(expected: readonly ExpectedConversation[]): Promise<void> {
    const answer = await this.#get('badge');
    if (answer.status !== 200) {
      this.#differs('status of the badge', undefined, 200, answer.status);
      return;
    }
    const badge = parseAnswer(answer.text);
    let messages = 0;
    let conversations = 0;
    for (const { unread } of expected) {
      messages += unread;
      if (unread > 0) conversations += 1;
    }
    this.#same('unread_message_count', undefined, messages, propertyOf(badge, 'unread_message_count'));
    const found = propertyOf(badge, 'unread_conversation_count');
    this.#same('unread_conversation_count', undefined, conversations, found);
  }

  /** The whole list by id, or undefined if it could not be read. */
  async #list(total: number): Promise<Map<string, ListedConversation> | undefined> {
    const listed = new Map<string, ListedConversation>();
    let from = '';
    for (;;) {
      const answer = await this.#get(`conversations?page_size=${PAGE_SIZE}${from}`);
      const page = parseAnswer(answer.text);
      if (answer.status !== 200 || !Array.isArray(page)) {
        this.#differs('status of the conversation list', undefined, 200, answer.status);
        return undefined;
      }
      const count = answer.header('layer-count');
      if (count !== undefined) this.#same('Layer-Count', undefined, total, Number(count));
      const before = listed.size;
      let last: string | undefined;
      for (const row of page) {
        last = bareId(propertyOf(row, 'id'));
        if (last === undefined) this.#differs('id of a listed conversation', undefined, 'an id', 'none');
        else if (listed.has(last)) this.#differs('listed conversation', last, 'once', 'twice');
        else listed.set(last, listedConversation(row));
      }
      // A list that keeps answering with what was there already would never end.
      if (page.length < PAGE_SIZE || listed.size === before || last === undefined) return listed;
      from = `&from_id=${encodeURIComponent(`layer:///conversations/${last}`)}`;
    }
  }

  #conversation(expected: ExpectedConversation, id: string, found: ListedConversation): void {
    this.#same('unread_message_count', id, expected.unread, found.unread);
    const { truth } = this.#comparison;
    const head = truth.head(expected.conversation);
    const last = truth.lastMessage(expected.conversation);
    // Where the newest message is deleted, a server may show it, the one before, or none.
    const position = found.lastMessage ?? head;
    if (typeof position !== 'number' || position < last || position > head) {
      this.#differs('position of last_message', id, last, shown(found.lastMessage));
    } else if (found.lastMessage === undefined && last === head && head > 0) {
      this.#differs('position of last_message', id, last, 'none');
    }
  }

  #get(what: string): Promise<BackendAnswer> {
    const { client, app } = this.#comparison;
    return client.send({ method: 'GET', path: `${app}/users/${this.#user}/${what}` });
  }

  #same(what: string, conversation: string | undefined, expected: number, found: unknown): void {
    if (found !== expected) this.#differs(what, conversation, expected, shown(found));
  }

  #differs(
    what: string,
    conversation: string | undefined,
    expected: number | string,
    found: number | string,
  ): void {
    this.#state.differenceCount += 1;
    if (this.#state.differences.length >= MOST_DIFFERENCES_KEPT) return;
    this.#state.differences.push({ user: this.#user, conversation, what, expected, found });
  }
}

function listedConversation(row: unknown): ListedConversation {
  return {
    unread: propertyOf(row, 'unread_message_count'),
    lastMessage: propertyOf(propertyOf(row, 'last_message'), 'position'),
  };
}

function shown(value: unknown): number | string {
  return typeof value === 'number' ? value : (JSON.stringify(value) ?? 'nothing');
}
