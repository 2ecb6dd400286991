/**
 * The last phase of a replay: fetches every user's badge and whole conversation list from the server, and
 * compares them with the counts that the replay expects.
 */

import type { BackendClient, BackendResponse } from './backend_client.js';
import type { ExpectedConversation, ExpectedCounts } from './expected_counts.js';
import type { Identifiers } from './identifiers.js';
import { bareId, parseJson, propertyOf } from './response_json.js';

export interface Difference {
  readonly user: string;
  /** The conversation's id; undefined if the user's badge or whole list differs. */
  readonly conversation: string | undefined;
  readonly what: string;
  readonly expected: number | string;
  readonly found: number | string;
}

export interface Comparison {
  readonly expected: ExpectedCounts;
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
  /** The first ones only: a server that is wrong everywhere would fill the memory. */
  readonly differences: Difference[];
}

const maxReportedDifferences = 20;
const pageSize = 100;

export async function compare(comparison: Comparison, state: ComparisonState): Promise<void> {
  const users = comparison.expected.byUser().entries();
  const worker = async () => {
    for (const [user, expected] of users) {
      state.inFlight += 1;
      await new UserComparison(comparison, state, user).run(expected);
      state.inFlight -= 1;
      state.done += 1;
    }
  };
  await Promise.all(Array.from({ length: comparison.concurrency }, worker));
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
    const response = await this.#get('badge');
    if (response.status !== 200) {
      this.#differs('status of the badge', undefined, 200, response.status);
      return;
    }
    const badge = parseJson(response.text);
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
      const response = await this.#get(`conversations?page_size=${pageSize}${from}`);
      const page = parseJson(response.text);
      if (response.status !== 200 || !Array.isArray(page)) {
        this.#differs('status of the conversation list', undefined, 200, response.status);
        return undefined;
      }
      const count = response.header('layer-count');
      if (count !== undefined) this.#same('Layer-Count', undefined, total, Number(count));
      const before = listed.size;
      let last: string | undefined;
      for (const row of page) {
        last = bareId(propertyOf(row, 'id'));
        if (last === undefined) this.#differs('id of a listed conversation', undefined, 'an id', 'none');
        else if (listed.has(last)) this.#differs('listed conversation', last, 'once', 'twice');
        else listed.set(last, listedConversation(row));
      }
      // A server that repeats a page would never end the loop.
      if (page.length < pageSize || listed.size === before || last === undefined) return listed;
      from = `&from_id=${encodeURIComponent(`layer:///conversations/${last}`)}`;
    }
  }

  #conversation(expected: ExpectedConversation, id: string, found: ListedConversation): void {
    this.#same('unread_message_count', id, expected.unread, found.unread);
    const counts = this.#comparison.expected;
    const head = counts.head(expected.conversation);
    const last = counts.lastMessage(expected.conversation);
    // If the newest message is deleted, a server may show it, the one before it, or none.
    const position = found.lastMessage ?? head;
    if (typeof position !== 'number' || position < last || position > head) {
      this.#differs('position of last_message', id, last, display(found.lastMessage));
    } else if (found.lastMessage === undefined && last === head && head > 0) {
      this.#differs('position of last_message', id, last, 'none');
    }
  }

  #get(what: string): Promise<BackendResponse> {
    const { client, app } = this.#comparison;
    return client.send({ method: 'GET', path: `${app}/users/${this.#user}/${what}` });
  }

  #same(what: string, conversation: string | undefined, expected: number, found: unknown): void {
    if (found !== expected) this.#differs(what, conversation, expected, display(found));
  }

  #differs(
    what: string,
    conversation: string | undefined,
    expected: number | string,
    found: number | string,
  ): void {
    this.#state.differenceCount += 1;
    if (this.#state.differences.length >= maxReportedDifferences) return;
    this.#state.differences.push({ user: this.#user, conversation, what, expected, found });
  }
}

function listedConversation(row: unknown): ListedConversation {
  return {
    unread: propertyOf(row, 'unread_message_count'),
    lastMessage: propertyOf(propertyOf(row, 'last_message'), 'position'),
  };
}

function display(value: unknown): number | string {
  return typeof value === 'number' ? value : (JSON.stringify(value) ?? 'nothing');
}
