/** The server under measurement, with an app in it, and a client of that app whose latency is watched. */
import type { ChildProcess } from 'node:child_process';
import { request } from 'node:http';
import { nextMessage, numberIn, startChild } from '../measure/child.js';
import { CheckoutServer } from '../versus/checkout.js';

/** One request, as a hostile or merely large caller would send it. */
export interface CostlyRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly token: string;
}

export interface Cost {
  /** 0 where the connection was cut, -1 where the server died. */
  readonly status: number;
  readonly tookMs: number;
  /** The longest time for which the server served no other client. */
  readonly blockedMs: number;
  readonly residentBytes: number;
  /** The slowest of the other client's requests meanwhile. */
  readonly otherMs: number;
}

export class Victim {
  readonly server: CheckoutServer;
  readonly app: { readonly id: string; readonly token: string };
  /** Of the user `bystander`, whose badge the other client reads. */
  userToken = '';
  readonly #probe: ChildProcess;

  private constructor(server: CheckoutServer, app: Victim['app'], probe: ChildProcess) {
    this.server = server;
    this.app = app;
    this.#probe = probe;
  }

  get isAlive(): boolean {
    return this.server.process.exitCode === null && this.server.process.signalCode === null;
  }

  static async start(checkout: string, dataDir: string, heapMegabytes: number): Promise<Victim> {
    const monitor = new URL('./loop_monitor.js', import.meta.url).href;
    const server = await CheckoutServer.start(checkout, dataDir, [
      `--max-old-space-size=${heapMegabytes}`,
      `--import=${monitor}`,
    ]);
    const app = await server.createApp();
    const url = `${server.url}/apps/${app.id}/users/bystander/badge`;
    const probe = startChild(new URL('./probe_main.js', import.meta.url), { url, token: app.token });
    const victim = new Victim(server, app, probe);
    await victim.#introduceBystander();
    return victim;
  }

  /** Throws if the connection ends without a response. */
  async send({
    method,
    path,
    body,
    contentType,
    token,
  }: CostlyRequest): Promise<{ status: number; text: string }> {
    const payload = body === undefined ? undefined : Buffer.from(body);
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(payload !== undefined && {
          'content-type': contentType ?? 'application/json',
          'content-length': payload.length,
        }),
      };
      const sent = request(`${this.server.url}${path}`, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  /** A connection that the server cuts (a body that is too large) counts as status 0. */
  async measure(costly: CostlyRequest): Promise<Cost> {
    this.server.process.send('reset');
    this.#probe.send('reset');
    await pause(30);
    const begun = performance.now();
    const { status } = await this.send(costly).catch(() => ({ status: 0 }));
    const tookMs = performance.now() - begun;
    await pause(50);
    const died = {
      status: -1,
      tookMs,
      blockedMs: Number.NaN,
      residentBytes: Number.NaN,
      otherMs: Number.NaN,
    };
    if (!this.isAlive) return died;
    const server = await this.#ask(this.server.process);
    const other = await this.#ask(this.#probe);
    return {
      status,
      tookMs,
      blockedMs: numberIn(server, 'blockedMs'),
      residentBytes: numberIn(server, 'residentBytes'),
      otherMs: numberIn(other, 'maxMs'),
    };
  }

  async stop(): Promise<void> {
    this.#probe.kill();
    if (this.isAlive) await this.server.stop();
  }

  async #introduceBystander(): Promise<void> {
    const { id, token } = this.app;
    const path = `/apps/${id}/users/bystander`;
    await this.send({ method: 'PUT', path: `${path}/badge`, body: '{"external_unread_count":1}', token });
    const { text } = await this.send({ method: 'POST', path: `${path}/tokens`, body: '{}', token });
    this.userToken = /"(?:access_)?token":"([^"]+)"/.exec(text)?.[1] ?? '';
    if (this.userToken === '') throw new Error(`no user token: ${text}`);
  }

  #ask(child: ChildProcess): Promise<unknown> {
    const response = nextMessage(child);
    child.send('read');
    return response;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
