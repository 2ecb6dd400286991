/**
 * Hints between servers, over LISTEN and NOTIFY: which logs have grown. A hint only makes the others ask sooner; what is lost is
 * found by the next poll. They are sent after the commit, for many batches at once, because a NOTIFY waits for every other one in
 * the database.
 */
import pg from 'pg';
import { DatabaseError } from './errors.js';
import type { Run } from './run.js';

/** Numbers of apps, or 'all': hints may have been lost. */
export type Hint = readonly number[] | 'all';

export interface HintsDeps {
  readonly run: Run;
  readonly config: pg.ClientConfig;
  /** Names this server: it does not need its own hints. */
  readonly server: string;
}

const channelName = `
  select 'badged_' || md5(current_schema()) as channel`;

const notify = `
  select pg_notify('badged_' || md5(current_schema()), $1)`;

/** A payload has up to 8,000 bytes. */
const appsPerHint = 300;

/** Between two hints of a server. */
const pauseMs = 5;

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/** The database speaks PostgreSQL's protocol, but has no LISTEN or no NOTIFY. */
function isUnsupported(error: unknown): boolean {
  return error instanceof DatabaseError && ['0A000', '42601', '42883'].includes(error.code ?? '');
}

export class Hints {
  readonly #deps: HintsDeps;
  readonly #changed = new Set<number>();
  #sender: 'idle' | 'sending' | 'off' = 'idle';
  #listener: 'off' | 'connecting' | 'listening' | 'waiting' | 'closed' = 'off';
  #client: pg.Client | undefined;
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #onHint: (hint: Hint) => void = () => {};

  constructor(deps: HintsDeps) {
    this.#deps = deps;
  }

  /** The others are to ask for the app's log. It was changed durably. */
  changed(app: number): void {
    if (this.#sender === 'off') return;
    this.#changed.add(app);
    if (this.#sender === 'idle') void this.#send();
  }

  /** Opens a connection that listens, and again when it breaks. */
  listen(onHint: (hint: Hint) => void): void {
    this.#onHint = onHint;
    if (this.#listener === 'off') void this.#connect();
  }

  async close(): Promise<void> {
    this.#listener = 'closed';
    this.#sender = 'off';
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => {});
  }

  /** All that changes while a hint is sent shares the next one. */
  async #send(): Promise<void> {
    this.#sender = 'sending';
    while (this.#changed.size > 0 && this.#sender === 'sending') {
      const apps = [...this.#changed];
      this.#changed.clear();
      const content = apps.length > appsPerHint ? 'all' : apps.join(',');
      try {
        await this.#deps.run(notify, [`${this.#deps.server} ${content}`]);
      } catch (error) {
        // Else the database is away: the others find out by themselves.
        if (isUnsupported(error)) return this.#turnOff();
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if (this.#sender === 'sending') this.#sender = 'idle';
  }

  #turnOff(): void {
    this.#sender = 'off';
    this.#changed.clear();
  }

  async #connect(): Promise<void> {
    this.#listener = 'connecting';
    const client = new pg.Client({ ...this.#deps.config, pipeline: false });
    const lost = () => this.#lost(client);
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => this.#received(payload));
    this.#client = client;
    try {
      await client.connect();
      const { rows } = await client.query<{ channel: string }>(channelName);
      await client.query(`listen ${rows[0]?.channel}`);
    } catch (error) {
      if (isUnsupported(error)) this.#listener = 'closed';
      await client.end().catch(() => {});
      return this.#lost(client);
    }
    if (this.#listener !== 'connecting') return client.end().catch(() => {});
    this.#listener = 'listening';
    this.#retryMs = firstRetryMs;
    this.#onHint('all');
  }

  /** Once for each connection, however it ended. */
  #lost(client: pg.Client): void {
    if (this.#client !== client || this.#listener === 'closed') return;
    this.#client = undefined;
    this.#listener = 'waiting';
    this.#timer = setTimeout(() => void this.#connect(), this.#retryMs);
    this.#timer.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  #received(payload: string): void {
    const [server, content = ''] = payload.split(' ');
    if (server === this.#deps.server) return;
    this.#onHint(content === 'all' ? 'all' : content.split(',').map(Number));
  }
}
