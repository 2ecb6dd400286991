/** Transports as lanes use them: each opened with an app's credentials, so that lanes need not handle their types. */
import type { Platform, PushTarget } from '../push_target.js';
import type { Capabilities } from './transport/capabilities.js';
import { type Delivery, deliver, type Outcome, type Transport } from './transport/port.js';
import { rejected } from './transport/verdict.js';

export interface OpenTransport {
  readonly capabilities: Capabilities;
  deliver(delivery: Delivery, nowMs: number): Promise<Outcome>;
  close(): Promise<void>;
}

export function openTransportOf<A extends PushTarget, R>(
  transport: Transport<A, R>,
  isMine: (target: PushTarget) => target is A,
): OpenTransport {
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

/** Opens a transport with the credentials that the app has now. */
export type OpenTransportFor = (app: string, platform: Platform) => Promise<OpenTransport>;

/** The transports in use, one for each app and platform, opened when first needed. */
export class OpenTransports {
  readonly #open: OpenTransportFor;
  readonly #transports = new Map<string, Promise<OpenTransport>>();

  constructor(open: OpenTransportFor) {
    this.#open = open;
  }

  get(app: string, platform: Platform): Promise<OpenTransport> {
    const key = `${app} ${platform}`;
    const transport = this.#transports.get(key) ?? this.#open(app, platform);
    this.#transports.set(key, transport);
    // One that failed to open is not stored: the next push tries again.
    transport.catch(() => {
      if (this.#transports.get(key) === transport) this.#transports.delete(key);
    });
    return transport;
  }

  /** The credentials changed: pushes in flight end with the old ones, and the next push uses the new ones. */
  async renew(app: string, platform: Platform): Promise<void> {
    const key = `${app} ${platform}`;
    const old = this.#transports.get(key);
    this.#transports.delete(key);
    await (await old?.catch(() => undefined))?.close();
  }

  async close(): Promise<void> {
    const transports = [...this.#transports.values()];
    this.#transports.clear();
    for (const transport of transports) await (await transport.catch(() => undefined))?.close();
  }
}
