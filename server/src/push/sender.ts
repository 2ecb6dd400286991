/** What the dispatcher sends with: a transport, with its types closed over. */
import type { Platform, PushTarget } from '../push_target.js';
import type { Capabilities } from './transport/capabilities.js';
import { type Delivery, deliver, type Outcome, type Transport } from './transport/port.js';
import { rejected } from './transport/verdict.js';

export interface Sender {
  readonly capabilities: Capabilities;
  deliver(delivery: Delivery, nowMs: number): Promise<Outcome>;
  close(): Promise<void>;
}

export function senderOf<A extends PushTarget, R>(
  transport: Transport<A, R>,
  isMine: (target: PushTarget) => target is A,
): Sender {
  return {
    capabilities: transport.capabilities,
    async deliver(delivery, nowMs) {
      const { target, ...rest } = delivery;
      if (!isMine(target)) return { verdict: rejected(`not a target of ${transport.platform}`) };
      return deliver(transport, { ...rest, target }, nowMs);
    },
    close: () => transport.close(),
  };
}

/** Opens a sender with the credentials that the app has now. */
export type OpenSender = (app: string, platform: Platform) => Promise<Sender>;

/** The senders in use, one for each app and platform, opened when first needed. */
export class Senders {
  readonly #open: OpenSender;
  readonly #senders = new Map<string, Promise<Sender>>();

  constructor(open: OpenSender) {
    this.#open = open;
  }

  get(app: string, platform: Platform): Promise<Sender> {
    const key = `${app} ${platform}`;
    const sender = this.#senders.get(key) ?? this.#open(app, platform);
    this.#senders.set(key, sender);
    // A failed opening is not kept: the next push tries again.
    sender.catch(() => {
      if (this.#senders.get(key) === sender) this.#senders.delete(key);
    });
    return sender;
  }

  /** The credentials changed: what is under way ends with the old ones, the next push opens with the new. */
  async renew(app: string, platform: Platform): Promise<void> {
    const key = `${app} ${platform}`;
    const old = this.#senders.get(key);
    this.#senders.delete(key);
    await (await old?.catch(() => undefined))?.close();
  }

  async close(): Promise<void> {
    const senders = [...this.#senders.values()];
    this.#senders.clear();
    for (const sender of senders) await (await sender.catch(() => undefined))?.close();
  }
}
