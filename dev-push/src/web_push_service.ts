/**
 * A local Web Push service and its browsers: it creates subscriptions, verifies the sender (VAPID), and decrypts
 * messages with the subscription's keys.
 */
import { randomBytes } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { AcceptedPushes } from './accepted.js';
import { HttpListener, json, type Received } from './http_listener.js';
import { type Exchange, type Reply, Script } from './script.js';
import { decrypt, newReceiver, type Receiver } from './web_push_decryption.js';

/** What `pushManager.subscribe` returns to a page. */
export interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export interface WebPushServiceSettings {
  readonly port?: number;
  readonly now?: () => number;
}

interface Subscribed {
  readonly receiver: Receiver;
  /** The subscription's applicationServerKey: only its owner may push. */
  readonly serverKey: string;
}

const bodyLimitBytes = 4096;
const longestTokenSeconds = 24 * 60 * 60;

export class WebPushService {
  readonly script = new Script();
  /** By endpoint, with decrypted payloads. */
  readonly accepted = new AcceptedPushes();
  readonly #subscriptions = new Map<string, Subscribed>();
  readonly #ended = new Set<string>();
  readonly #now: () => number;
  #listener: HttpListener | undefined;

  private constructor(settings: WebPushServiceSettings) {
    this.#now = settings.now ?? Date.now;
  }

  static async listen(settings: WebPushServiceSettings = {}): Promise<WebPushService> {
    const service = new WebPushService(settings);
    service.#listener = await HttpListener.listen(settings.port ?? 0, (received, io) =>
      service.#route(received, io),
    );
    return service;
  }

  get origin(): string {
    return this.#listener?.origin ?? '';
  }

  /** `serverKey` is the VAPID public key, base64url. */
  subscribe(serverKey: string): Subscription {
    const receiver = newReceiver();
    const endpoint = `${this.origin}/push/${randomBytes(16).toString('base64url')}`;
    this.#subscriptions.set(endpoint, { receiver, serverKey });
    const p256dh = receiver.pair.getPublicKey('base64url');
    return { endpoint, keys: { p256dh, auth: receiver.auth.toString('base64url') } };
  }

  unsubscribe(endpoint: string): void {
    this.#subscriptions.delete(endpoint);
    this.#ended.add(endpoint);
  }

  async close(): Promise<void> {
    this.script.clear();
    this.script.release();
    await this.#listener?.close();
  }

  #route(received: Received, io: Pick<Exchange, 'respond' | 'cut'>): Promise<void> {
    const device = this.origin + received.path;
    return this.script.apply({ ...io, device, process: () => this.#process(received, device) });
  }

  async #process(received: Received, endpoint: string): Promise<Reply> {
    const subscribed = this.#subscriptions.get(endpoint);
    if (!subscribed) return json(this.#ended.has(endpoint) ? 410 : 404, { reason: 'NoSuchSubscription' });
    const refusal = refusalOfRequest(received) ?? (await this.#refusalOfSender(received, subscribed));
    if (refusal) return refusal;
    try {
      const payload = decrypt(received.body, subscribed.receiver).toString();
      const badge = badgeOf(payload);
      this.accepted.add(endpoint, {
        atMs: this.#now(),
        headers: received.headers,
        payload,
        ...(badge === undefined ? {} : { badge }),
      });
    } catch {
      // A real service cannot check this; the browser would drop the message silently.
      return json(400, { reason: 'NotDecryptable' });
    }
    return { status: 201, headers: { location: `${this.origin}/message/${this.accepted.total}` } };
  }

  async #refusalOfSender(received: Received, subscribed: Subscribed): Promise<Reply | undefined> {
    const vapid = /^vapid t=([^,\s]+),\s*k=([\w-]+)$/.exec(received.headers.authorization ?? '');
    const [, token, key] = vapid ?? [];
    if (token === undefined || key === undefined) return json(401, { reason: 'MissingJwtToken' });
    if (key !== subscribed.serverKey) return json(403, { reason: 'VapidPkHashMismatch' });
    try {
      const { payload } = await jwtVerify(token, await publicKey(key), {
        algorithms: ['ES256'],
        audience: this.origin,
        currentDate: new Date(this.#now()),
        requiredClaims: ['exp', 'sub'],
      });
      const remainingSeconds = (payload.exp ?? 0) - this.#now() / 1000;
      const named = /^(mailto:|https:)/.test(payload.sub ?? '');
      return named && remainingSeconds <= longestTokenSeconds
        ? undefined
        : json(403, { reason: 'BadJwtToken' });
    } catch {
      return json(403, { reason: 'BadJwtToken' });
    }
  }
}

function refusalOfRequest({ method, headers, body }: Received): Reply | undefined {
  if (method !== 'POST') return json(405, { reason: 'MethodNotAllowed' });
  if (!/^\d+$/.test(headers.ttl ?? '')) return json(400, { reason: 'BadTtl' });
  if (!/^(very-low|low|normal|high)$/.test(headers.urgency ?? 'normal'))
    return json(400, { reason: 'BadUrgency' });
  if (!/^[\w-]{1,32}$/.test(headers.topic ?? 'none')) return json(400, { reason: 'BadWebPushTopic' });
  if (headers['content-encoding'] !== 'aes128gcm') return json(415, { reason: 'BadEncoding' });
  return body.length > bodyLimitBytes ? json(413, { reason: 'PayloadTooLarge' }) : undefined;
}

/** The number that a browser shows. Browsers read one of two fields, so both must be equal. */
function badgeOf(payload: string): number | undefined {
  const { notification, app_badge: outer } = JSON.parse(payload);
  const inner: unknown = notification?.app_badge;
  if (inner !== outer) throw new Error('the two badges differ');
  if (inner === undefined) return undefined;
  if (typeof inner !== 'string' || !/^\d+$/.test(inner))
    throw new Error('the badge is not a string of digits');
  return Number(inner);
}

function publicKey(point: string) {
  const bytes = Buffer.from(point, 'base64url');
  const coordinate = (start: number) => bytes.subarray(start, start + 32).toString('base64url');
  return importJWK({ kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }, 'ES256');
}
