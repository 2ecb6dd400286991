/** The server under measurement, and a client of another app whose latency is watched. */
import type { ChildProcess } from 'node:child_process';
import { Agent, request } from 'node:http';
import { nextMessage, numberIn, startChild } from '../measure/child.js';
import { CheckoutServer } from '../versus/checkout.js';

/** One request, as a hostile or merely large caller would send it. */
export interface CostlyRequest {
  readonly method: string;
  readonly path: string;
  /** None for a caller without one. */
  readonly token?: string;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Response {
  readonly status: number;
  readonly text: string;
}

export interface Cost {
  /** 0 where the connection was cut, -1 where the server died. */
  readonly status: number;
  readonly tookMs: number;
  /** The longest time for which the server served no other client: of wall-clock and CPU time the smaller. */
  readonly blockedMs: number;
  /** The same by the wall clock alone. */
  readonly wallMs: number;
  /** What of the longest time was spent collecting garbage. */
  readonly garbageMs: number;
  readonly residentBytes: number;
}

/** Response times of the other client. */
export interface Latency {
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface VictimOptions {
  /** The root of a built checkout. */
  readonly checkout: string;
  readonly dataDir: string;
  readonly heapMegabytes: number;
}

interface VictimApp {
  readonly id: string;
  readonly token: string;
}

export class Victim {
  readonly server: CheckoutServer;
  readonly app: VictimApp;
  readonly #bystander: VictimApp;
  readonly #probe: ChildProcess;

  private constructor(server: CheckoutServer, app: VictimApp, bystander: VictimApp) {
    this.server = server;
    this.app = app;
    this.#bystander = bystander;
    const url = `${server.url}${badgePath(bystander)}`;
    this.#probe = startChild(new URL('./probe_main.js', import.meta.url), { url, token: bystander.token });
  }

  get isAlive(): boolean {
    return this.server.process.exitCode === null && this.server.process.signalCode === null;
  }

  static async start(options: VictimOptions): Promise<Victim> {
    const server = await startServer(options);
    const bystander = await server.createApp();
    const victim = new Victim(server, await server.createApp(), bystander);
    const body = '{"external_unread_count":1}';
    await victim.send({ method: 'PUT', path: badgePath(bystander), body, token: bystander.token });
    return victim;
  }

  /** After its process has ended: another one over the same data, with the same apps. */
  async restart(options: VictimOptions): Promise<Victim> {
    this.#probe.kill();
    return new Victim(await startServer(options), this.app, this.#bystander);
  }

  /** Rejects if the connection ends without a response. */
  async send({ method, path, body, contentType, token, headers = {} }: CostlyRequest): Promise<Response> {
    const payload = body === undefined ? undefined : Buffer.from(body);
    const all = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(payload !== undefined && {
        'content-type': contentType ?? 'application/json',
        'content-length': payload.length,
      }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      // A connection of its own, which the server may keep open: it reads the rest of a body that it refuses.
      const agent = new Agent({ keepAlive: true });
      const options = { method, headers: all, agent, timeout: 300_000 };
      const sent = request(`${this.server.url}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        const end = () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        // A live stream has no end.
        if (response.headers['content-type'] === 'text/event-stream') {
          end();
          response.destroy();
          return;
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', end);
      });
      sent.on('timeout', () => sent.destroy(new Error('no response within 5 minutes')));
      sent.on('error', reject);
      // After the response, the rest of a refused body may still be on its way.
      sent.on('socket', (socket) => socket.on('error', () => {}));
      sent.on('close', () => agent.destroy());
      sent.end(payload);
    });
  }

  /** A connection that the server cuts counts as status 0. */
  async measure(costly: CostlyRequest): Promise<Cost> {
    this.server.process.send('reset');
    await pause(5);
    const begun = performance.now();
    const { status } = await this.send(costly).catch(() => ({ status: 0 }));
    const tookMs = performance.now() - begun;
    // What the server does afterwards, such as notifying devices, counts as well.
    await pause(20);
    const unknown = Number.NaN;
    const none = { blockedMs: unknown, wallMs: unknown, garbageMs: unknown, residentBytes: unknown };
    const died = { status: -1, tookMs, ...none };
    if (!this.isAlive) return died;
    const server = await this.#ask(this.server.process).catch(() => undefined);
    if (server === undefined) return died;
    return {
      status,
      tookMs,
      blockedMs: numberIn(server, 'blockedMs'),
      wallMs: numberIn(server, 'wallMs'),
      garbageMs: numberIn(server, 'garbageMs'),
      residentBytes: numberIn(server, 'residentBytes'),
    };
  }

  async residentBytes(): Promise<number> {
    return numberIn(await this.#ask(this.server.process), 'residentBytes');
  }

  forgetLatency(): void {
    this.#probe.send('reset');
  }

  async latency(): Promise<Latency> {
    const probe = await this.#ask(this.#probe);
    return { p99Ms: numberIn(probe, 'p99Ms'), maxMs: numberIn(probe, 'maxMs') };
  }

  async stop(): Promise<void> {
    this.#probe.kill();
    if (this.isAlive) await this.server.stop();
  }

  #ask(child: ChildProcess): Promise<unknown> {
    const response = nextMessage(child);
    child.send('read');
    return response;
  }
}

function startServer({ checkout, dataDir, heapMegabytes }: VictimOptions): Promise<CheckoutServer> {
  const monitor = new URL('./loop_monitor.js', import.meta.url).href;
  const nodeArgs = [`--max-old-space-size=${heapMegabytes}`, `--import=${monitor}`];
  // What a request costs is measured, so none may be refused for what others of its user cost.
  return CheckoutServer.start(checkout, dataDir, nodeArgs, { BADGED_RATE_LIMIT: '1000000/1' });
}

function badgePath({ id }: VictimApp): string {
  return `/apps/${id}/users/bystander/badge`;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
