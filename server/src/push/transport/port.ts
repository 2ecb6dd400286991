/**
 * The port of push transports (APNs, FCM, Web Push or the log), through which lanes send. A transport has three
 * parts: `request` (pure: builds the request of one delivery to one device), `send` (sends it) and
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
   * The absolute number for the icon. 0 clears it; undefined leaves the icon as it is. The two are different
   * payloads.
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

/** The request, or why this delivery cannot be sent; in that case no provider is called. */
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
  /** APNs only: the environment of this device, if it is not the one that was tried first. */
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
