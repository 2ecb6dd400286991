/** Clients of a cluster: each sends one request after another to servers drawn by lot, and enters what came of it in the ledger. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pick, type Random } from '../push/random.js';
import { ExternalLedger } from './ledger.js';
import type { Chat, ClusterWorld } from './world.js';

/** A request that takes longer has no clear outcome. A stopped server may still serve it later. */
const timeoutMs = 6_000;

/** After the last fault, everything comes back by itself within this time. */
const recoveryMs = 60_000;

export interface Counts {
  requests: number;
  unclear: number;
  reads: number;
}

export class Clients {
  readonly counts: Counts = { requests: 0, unclear: 0, reads: 0 };
  readonly problems: string[] = [];
  readonly #world: ClusterWorld;
  readonly #random: Random;
  #overAt: number | undefined;

  constructor(world: ClusterWorld, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** Resolves after `stop`, once every request has ended. */
  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.#loop()));
  }

  stop(): void {
    this.#overAt ??= performance.now();
  }

  async #loop(): Promise<void> {
    while (this.#overAt === undefined) {
      const chat = pick(this.#random, this.#world.chats);
      const lot = this.#random();
      if (lot < 0.35) await this.#sendWithId(chat);
      else if (lot < 0.5) await this.#sendOnce(chat);
      else if (lot < 0.6) await this.#markRead(chat);
      else if (lot < 0.7) await this.#setExternal(chat);
      else await this.#readBadge(chat);
    }
  }

  /** Again with the same id until the outcome is clear. */
  async #sendWithId(chat: Chat): Promise<void> {
    const id = randomUUID();
    chat.ledger.sending();
    const path = `/conversations/${chat.id}/messages`;
    const json = await this.#insist(chat, 'POST', path, { ...content(chat), id: `layer:///messages/${id}` });
    if (json === undefined) chat.ledger.sentUnclearly();
    else chat.ledger.sent(id, Number(json.position));
  }

  async #sendOnce(chat: Chat): Promise<void> {
    chat.ledger.sending();
    const json = await this.#ask(chat, 'POST', `/conversations/${chat.id}/messages`, content(chat));
    if (json === undefined) chat.ledger.sentUnclearly();
    else chat.ledger.sent(String(json.id), Number(json.position));
  }

  async #markRead(chat: Chat): Promise<void> {
    const position = Math.floor(this.#random() * (chat.ledger.head + 1));
    if (position === 0) return;
    chat.ledger.reading(position);
    const path = `/users/${chat.reader}/conversations/${chat.id}/mark_all_read`;
    if ((await this.#insist(chat, 'POST', path, { position })) !== undefined) chat.ledger.read(position);
  }

  async #setExternal(chat: Chat): Promise<void> {
    const { external } = chat;
    if (!external.isFree) return;
    const count = external.setting();
    const path = `/users/${external.user}/badge`;
    if ((await this.#ask(chat, 'PUT', path, { external_unread_count: count })) !== undefined)
      external.confirmed();
    // A late effect would overwrite the next number: another user goes on.
    else chat.external = new ExternalLedger(`${external.user.split('-')[0]}-${randomUUID()}`);
  }

  async #readBadge(chat: Chat): Promise<void> {
    const { external, ledger } = chat;
    const who = pick(this.#random, ['observer', 'reader', 'external'] as const);
    if (who === 'external' && !external.isKnown) return;
    const [user, key] =
      who === 'external' ? [external.user, 'external_unread_count'] : [chat[who], 'unread_message_count'];
    const check = who === 'external' ? external.expect() : ledger.expectUnread(who);
    const json = await this.#ask(chat, 'GET', `/users/${user}/badge`);
    if (json === undefined) return;
    this.counts.reads += 1;
    const problem = check(Number(json[key]));
    if (problem !== undefined) this.problems.push(problem);
  }

  /** Until the outcome is clear. */
  async #insist(chat: Chat, method: string, path: string, body: object) {
    for (;;) {
      const json = await this.#ask(chat, method, path, body);
      if (json !== undefined) return json;
      if (performance.now() < (this.#overAt ?? Number.POSITIVE_INFINITY) + recoveryMs) continue;
      this.problems.push(
        `${method} ${path} had no response for ${recoveryMs / 1_000} s after the last fault.`,
      );
      return undefined;
    }
  }

  /** The response's JSON; undefined if the outcome is not clear. Any refusal is a problem: all requests are right. */
  async #ask(chat: Chat, method: string, path: string, body?: object) {
    const { slots } = this.#world;
    const up = slots.filter(({ state }) => state !== 'down');
    const { server } = pick(this.#random, up.length > 0 ? up : slots);
    this.counts.requests += 1;
    try {
      const response = await fetch(new URL(`/apps/${chat.app}${path}`, server.url), {
        method,
        headers: { authorization: `Bearer ${chat.token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
      if (response.ok) return json;
      if (response.status !== 503) this.problems.push(`${method} ${path} got ${response.status}: ${text}`);
    } catch {
      // The connection broke, or the time was up.
    }
    this.counts.unclear += 1;
    await delay(50);
    return undefined;
  }
}

function content(chat: Chat) {
  return { sender: { user_id: chat.sender }, parts: [{ body: 'hello', mime_type: 'text/plain' }] };
}
