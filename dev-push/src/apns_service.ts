/**
 * A local APNs: unencrypted HTTP/2 with Apple's checks, status codes and reasons. One service is one environment,
 * production or development. It accepts every device token that was not unregistered or disowned.
 */
import {
  constants,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { AcceptedPushes } from './accepted.js';
import { type ApnsTrust, ProviderTokens } from './apns_provider_tokens.js';
import { type Exchange, type Reply, Script } from './script.js';
import { type BucketLimit, Buckets } from './throttle.js';

export interface ApnsServiceSettings {
  readonly trust: ApnsTrust;
  /** The team's bundle ids. If absent, any is accepted. */
  readonly topics?: readonly string[];
  readonly maxConcurrentStreams?: number;
  readonly port?: number;
  readonly now?: () => number;
  /** Beyond it, a device's pushes are refused: 429, TooManyRequests. Apple names no numbers. Default: no limit. */
  readonly deviceLimit?: BucketLimit;
}

const payloadLimitBytes = 4096;

interface Connection {
  /** The highest stream that was processed: a GOAWAY may not name a lower one. */
  processed: number;
  /** After a GOAWAY: streams above this are not processed. */
  last: number;
}

export class ApnsService {
  readonly script = new Script();
  readonly accepted = new AcceptedPushes();
  readonly providerTokens: ProviderTokens;
  readonly origin: string;
  readonly #server: Http2Server;
  readonly #settings: ApnsServiceSettings;
  readonly #now: () => number;
  readonly #connections = new Map<Http2Session, Connection>();
  /** Devices that are refused, with the response. */
  readonly #refused = new Map<string, Reply>();
  readonly #buckets: Buckets | undefined;
  #opened = 0;

  private constructor(server: Http2Server, port: number, settings: ApnsServiceSettings) {
    this.#server = server;
    this.#settings = settings;
    this.#now = settings.now ?? Date.now;
    this.#buckets = settings.deviceLimit && new Buckets(settings.deviceLimit);
    this.providerTokens = new ProviderTokens(settings.trust, this.#now);
    this.origin = `http://127.0.0.1:${port}`;
    server.on('session', (session) => this.#connected(session));
    server.on('stream', (stream, headers) => this.#receive(stream, headers));
  }

  static async listen(settings: ApnsServiceSettings): Promise<ApnsService> {
    const server = createServer({
      settings: { maxConcurrentStreams: settings.maxConcurrentStreams ?? 1000 },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(settings.port ?? 0, '127.0.0.1', resolve);
    });
    const address = server.address();
    return new ApnsService(server, typeof address === 'object' && address ? address.port : 0, settings);
  }

  /** From now on the device's token is unregistered: the app was removed at `atMs`. */
  unregister(device: string, atMs: number): void {
    this.#refused.set(device, reason(410, 'Unregistered', { timestamp: atMs }));
  }

  /** From now on the token is a bad one, such as one of the other environment. */
  disown(device: string): void {
    this.#refused.set(device, reason(400, 'BadDeviceToken'));
  }

  /** How many connections have been opened. */
  get connectionsOpened(): number {
    return this.#opened;
  }

  close(): Promise<void> {
    this.script.clear();
    this.script.release();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const session of this.#connections.keys()) session.destroy();
    });
  }

  #connected(session: Http2Session): void {
    this.#opened += 1;
    this.#connections.set(session, { processed: 0, last: Number.POSITIVE_INFINITY });
    // A connection that breaks ends the session too, and 'close' follows.
    session.on('error', () => undefined);
    session.on('close', () => this.#connections.delete(session));
  }

  #receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { session, id } = stream;
    const connection = session && this.#connections.get(session);
    stream.on('error', () => undefined);
    if (!session || !connection || id === undefined) return;
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      // Apple's tokens are hexadecimal, so the path needs no decoding.
      const device = String(headers[':path']).split('/')[3] ?? '';
      const isRefused = () => id > connection.last;
      const exchange: Exchange = {
        device,
        process: async () => {
          if (isRefused()) {
            // Node cannot name stream 0 in a GOAWAY, which would refuse a connection's first request.
            afterReading(() => stream.destroyed || stream.close(constants.NGHTTP2_REFUSED_STREAM));
            return { status: 503 };
          }
          connection.processed = Math.max(connection.processed, id);
          return this.#process(device, headers, Buffer.concat(chunks));
        },
        respond: (reply) => {
          if (!isRefused() && !stream.destroyed) respond(stream, reply);
        },
        cut: () => afterReading(() => session.destroy()),
        goaway: (processed, code) => {
          // RFC 9113, section 6.8: a second GOAWAY may not name a higher stream, so the first one stands.
          if (Number.isFinite(connection.last)) return;
          connection.last = Math.max(connection.processed, processed ? id : id - 2);
          const { last } = connection;
          afterReading(() => {
            if (session.destroyed) return;
            session.goaway(code, last);
            // Closing sends another GOAWAY, with a higher stream if the first is not written yet. After the
            // response to a ping, it is.
            session.ping(() => afterReading(() => session.destroyed || session.close()));
          });
        },
      };
      // A bug here must neither leave the client without a response nor end the process.
      this.script.apply(exchange).catch(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    });
  }

  async #process(device: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Reply> {
    const refusal = refusalOfRequest(headers, body) ?? (await this.#refusalOfSender(headers));
    if (refusal) return refusal;
    const refused = this.#refused.get(device);
    if (refused) return refused;
    if (this.#buckets?.take(device, this.#now()) === false) return reason(429, 'TooManyRequests');
    const payload = body.toString();
    const badge = badgeOf(payload);
    this.accepted.add(device, {
      atMs: this.#now(),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      payload,
      ...(badge === undefined ? {} : { badge }),
    });
    return { status: 200 };
  }

  async #refusalOfSender(headers: IncomingHttpHeaders): Promise<Reply | undefined> {
    const refusal = await this.providerTokens.refusal(headers.authorization);
    if (refusal !== undefined) return reason(403, refusal);
    const { topics } = this.#settings;
    if (topics && !topics.includes(String(headers['apns-topic'])))
      return reason(400, 'DeviceTokenNotForTopic');
    return undefined;
  }
}

/** Node may corrupt memory if a session ends while Node still reads from it. */
function afterReading(work: () => unknown): void {
  setImmediate(work);
}

/** The refusal of a request that is wrong regardless of its sender. */
function refusalOfRequest(headers: IncomingHttpHeaders, body: Buffer): Reply | undefined {
  if (headers[':method'] !== 'POST') return reason(405, 'MethodNotAllowed');
  if (!/^\/3\/device\/[^/]+$/.test(String(headers[':path']))) return reason(404, 'BadPath');
  if (!headers['apns-topic']) return reason(400, 'MissingTopic');
  if (!/^(alert|background)$/.test(String(headers['apns-push-type']))) return reason(400, 'InvalidPushType');
  if (!/^(1|5|10)$/.test(String(headers['apns-priority'] ?? '10'))) return reason(400, 'BadPriority');
  if (!/^\d+$/.test(String(headers['apns-expiration'] ?? '0'))) return reason(400, 'BadExpirationDate');
  if (Buffer.byteLength(String(headers['apns-collapse-id'] ?? '')) > 64) return reason(400, 'BadCollapseId');
  if (!isJson(body)) return reason(400, 'PayloadEmpty');
  return body.length > payloadLimitBytes ? reason(413, 'PayloadTooLarge') : undefined;
}

function reason(status: number, name: string, more: { timestamp?: number } = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: name, ...more }),
  };
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

function badgeOf(payload: string): number | undefined {
  const badge: unknown = JSON.parse(payload)?.aps?.badge;
  return typeof badge === 'number' ? badge : undefined;
}

function respond(stream: ServerHttp2Stream, { status, headers = {}, body = '' }: Reply): void {
  stream.respond({ ':status': status, ...headers });
  stream.end(body);
}
