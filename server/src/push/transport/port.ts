/**
 * The push transport port: what lanes send with: APNs, FCM, Web Push or the log. A transport has three
 * parts: `request` (pure: what goes on the wire for one delivery to one device), `send` (puts it there) and
 * `classify` (what a provider's response means). A provider's response, a timeout and a broken connection are
 * values; what a transport throws is a bug. Every transport passes one conformance suite.
 */
import type { ApnsEnvironment, PushTarget } from '../../push_target.js';
import type { Alert } from './alert.js';
import type { Capabilities, Platform } from './capabilities.js';
import type { Verdict } from './verdict.js';

export type * from '../../push_target.js';

export interface Delivery<A extends PushTarget = PushTarget> {
  readonly target: A;
  /**
   * The absolute number for the icon. Left out, the icon keeps what it has; 0 clears it. These two and N are
   * three different payloads.
   */
  readonly badge?: number;
  /** Without an alert the delivery is badge-only; see `Capabilities.badgeOnly`. */
  readonly alert?: Alert;
  /** A later delivery with the same id replaces this one wherever the provider or the device still holds it. */
  readonly collapseId?: string;
  /** When the provider may give up. Without it, four weeks, the longest that FCM accepts. */
  readonly expiresAtMs?: number;
  /** How soon the device is woken; each transport maps it to its provider's scale. `high` by default. */
  readonly urgency?: Urgency;
}

export type Urgency = 'high' | 'normal' | 'low' | 'very-low';

/** What goes on the wire, or why this delivery cannot be put there; the latter asks no provider. */
export type Prepared<R> = { readonly request: R } | { readonly refused: Verdict };

/** A response as it came: nothing but data, so that `classify` is pure. Header names are lower-case. */
export interface ProviderResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly receivedAtMs: number;
}

export interface Outcome {
  readonly verdict: Verdict;
  /** APNs only: the environment that knows this device, where it is not the one that was tried first. */
  readonly environment?: ApnsEnvironment;
}

export interface Transport<A extends PushTarget, R> {
  readonly platform: Platform;
  readonly capabilities: Capabilities;
  /** Pure: the same delivery at the same time is the same request, byte by byte, without credentials. */
  request(delivery: Delivery<A>, nowMs: number): Prepared<R>;
  /** Resolves always, and within the transport's timeout. Credentials are added here. */
  send(request: R): Promise<Outcome>;
  /** Pure: a table of the provider's documented responses. */
  classify(response: ProviderResponse): Verdict;
  /** Ends connections. What is in flight, or sent later, resolves to `retry`. */
  close(): Promise<void>;
}

/** Prepares and sends one delivery. */
export async function deliver<A extends PushTarget, R>(
  transport: Transport<A, R>,
  delivery: Delivery<A>,
  nowMs: number,
): Promise<Outcome> {
  const prepared = transport.request(delivery, nowMs);
  return 'refused' in prepared ? { verdict: prepared.refused } : transport.send(prepared.request);
}
