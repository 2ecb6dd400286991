/**
 * A local FCM (HTTP v1) and its token endpoint: it verifies the service account's assertions, issues access tokens
 * that expire, and responds with Google's errors.
 */
import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { errors, jwtVerify } from 'jose';
import { AcceptedPushes } from './accepted.js';
import { deviceQuotaExceeded, fcmError, refusalOfMessage } from './fcm_errors.js';
import { HttpListener, json, type Received } from './http_listener.js';
import { type Exchange, type Reply, Script } from './script.js';
import { type BucketLimit, Buckets, DelayedBadges } from './throttle.js';

/** The fields of the JSON file from Google's console. */
export interface DevServiceAccount {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
}

export interface FcmServiceSettings {
  readonly projectId?: string;
  readonly accessTokenSeconds?: number;
  readonly port?: number;
  readonly now?: () => number;
  /** Beyond it, a device's messages are refused: 429, QUOTA_EXCEEDED. Default: no limit. */
  readonly deviceLimit?: BucketLimit;
  /** Beyond it, a device's collapsible messages are accepted and delayed; see `shown`. Default: no limit. */
  readonly collapsibleLimit?: BucketLimit;
}

const unlimited: BucketLimit = { burst: Number.POSITIVE_INFINITY, refillMs: 1 };
const scope = 'https://www.googleapis.com/auth/firebase.messaging';

export class FcmService {
  readonly script = new Script();
  /** For the token endpoint, where the service account's email stands for the device. */
  readonly tokenScript = new Script();
  readonly accepted = new AcceptedPushes();
  readonly serviceAccount: DevServiceAccount;
  readonly #publicKey: KeyObject;
  readonly #now: () => number;
  readonly #lifetimeSeconds: number;
  readonly #accessTokens = new Map<string, number>();
  readonly #refused = new Map<string, Reply>();
  readonly #buckets: Buckets | undefined;
  readonly #delayed: DelayedBadges;
  #listener: HttpListener | undefined;
  #granted = 0;

  private constructor(account: DevServiceAccount, publicKey: KeyObject, settings: FcmServiceSettings) {
    this.serviceAccount = account;
    this.#publicKey = publicKey;
    this.#now = settings.now ?? Date.now;
    this.#lifetimeSeconds = settings.accessTokenSeconds ?? 3600;
    this.#buckets = settings.deviceLimit && new Buckets(settings.deviceLimit);
    this.#delayed = new DelayedBadges(settings.collapsibleLimit ?? unlimited);
  }

  static async listen(settings: FcmServiceSettings = {}): Promise<FcmService> {
    const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const project = settings.projectId ?? 'local-project';
    const account: DevServiceAccount = {
      type: 'service_account',
      project_id: project,
      private_key_id: randomBytes(20).toString('hex'),
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      client_email: `badged@${project}.iam.gserviceaccount.com`,
    };
    const service = new FcmService(account, publicKey, settings);
    service.#listener = await HttpListener.listen(settings.port ?? 0, (received, io) =>
      service.#route(received, io),
    );
    return service;
  }

  get origin(): string {
    return this.#listener?.origin ?? '';
  }

  get tokenUrl(): string {
    return `${this.origin}/token`;
  }

  /** How many access tokens have been issued. */
  get granted(): number {
    return this.#granted;
  }

  /** The number that the device shows: with a limit on collapsible messages it may be older than what was accepted. */
  shown(device: string): number | undefined {
    return this.#delayed.shown(device, this.#now());
  }

  /** Whether the newest number accepted for the device is held back, as FCM does without a word. */
  isDelayed(device: string): boolean {
    return this.#delayed.isDelayed(device, this.#now());
  }

  /** From now on the device's token is unregistered: the app was removed. */
  unregister(device: string): void {
    this.#refused.set(device, fcmError(404, 'NOT_FOUND', 'UNREGISTERED'));
  }

  /** Invalidates all access tokens issued so far, as when the service account's key is revoked. */
  revokeAccessTokens(): void {
    this.#accessTokens.clear();
  }

  async close(): Promise<void> {
    for (const script of [this.script, this.tokenScript]) {
      script.clear();
      script.release();
    }
    await this.#listener?.close();
  }

  #route(received: Received, io: Pick<Exchange, 'respond' | 'cut'>): Promise<void> {
    if (received.path === '/token') {
      const device = this.serviceAccount.client_email;
      return this.tokenScript.apply({ ...io, device, process: () => this.#grant(received) });
    }
    const message = messageOf(received);
    const device = typeof message?.token === 'string' ? message.token : '';
    return this.script.apply({
      ...io,
      device,
      process: async () => this.#process(received, device, message),
    });
  }

  async #grant(received: Received): Promise<Reply> {
    const form = new URLSearchParams(received.body.toString());
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      return json(400, { error: 'unsupported_grant_type' });
    }
    try {
      const { payload } = await jwtVerify(form.get('assertion') ?? '', this.#publicKey, {
        algorithms: ['RS256'],
        issuer: this.serviceAccount.client_email,
        audience: this.tokenUrl,
        currentDate: new Date(this.#now()),
        maxTokenAge: 3600,
      });
      if (payload.scope !== scope) return json(400, { error: 'invalid_scope' });
    } catch (error) {
      const description = error instanceof errors.JOSEError ? error.code : 'malformed';
      return json(400, { error: 'invalid_grant', error_description: description });
    }
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    this.#accessTokens.set(token, this.#now() + this.#lifetimeSeconds * 1000);
    this.#granted += 1;
    return json(200, { access_token: token, expires_in: this.#lifetimeSeconds, token_type: 'Bearer' });
  }

  #process(received: Received, device: string, message: Message | undefined): Reply {
    const bearer = /^Bearer (.+)$/.exec(received.headers.authorization ?? '')?.[1] ?? '';
    if ((this.#accessTokens.get(bearer) ?? 0) <= this.#now()) return fcmError(401, 'UNAUTHENTICATED');
    const path = `/v1/projects/${this.serviceAccount.project_id}/messages:send`;
    if (received.path !== path || received.method !== 'POST') return fcmError(404, 'NOT_FOUND');
    const refusal = refusalOfMessage(message) ?? this.#refused.get(device);
    if (refusal) return refusal;
    const now = this.#now();
    if (this.#buckets?.take(device, now) === false)
      return deviceQuotaExceeded(this.#buckets.readyAt(device, now) - now);
    const badge = message?.data?.badge;
    if (badge !== undefined) this.#show(device, Number(badge), message?.android?.collapse_key !== undefined);
    this.accepted.add(device, {
      atMs: this.#now(),
      headers: received.headers,
      payload: received.body.toString(),
      // An app's code sets the icon from the data, and from nothing else.
      ...(badge === undefined ? {} : { badge: Number(badge) }),
    });
    return json(200, { name: `projects/${this.serviceAccount.project_id}/messages/${this.accepted.total}` });
  }

  #show(device: string, badge: number, isCollapsible: boolean): void {
    if (isCollapsible) this.#delayed.accept(device, badge, this.#now());
    else this.#delayed.pass(device, badge);
  }
}

interface Message {
  readonly token?: unknown;
  readonly android?: { readonly collapse_key?: unknown };
  readonly data?: Readonly<Record<string, unknown>>;
}

function messageOf(received: Received): Message | undefined {
  try {
    return JSON.parse(received.body.toString()).message;
  } catch {
    return undefined;
  }
}
