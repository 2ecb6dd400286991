/** The real program under strace, with an app in it: what it does to its data directory is recorded. */
import { createInterface } from 'node:readline';
import { call, programArguments, programEnvironment } from '../process/server_process.js';
import type { Recording } from './recording.js';
import { type FailingCall, record } from './strace.js';

export const adminToken = 'an-admin-token-for-tests';
export const environment = { BADGED_ADMIN_TOKEN: adminToken, BADGED_SECRET_KEY: 'ab'.repeat(32) };

export interface RecordedApp {
  readonly id: string;
  readonly token: string;
}

export interface RecordedServer {
  /** A request with the app's token; the path is below the app's. */
  call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly json: Record<string, unknown> }>;
  readonly app: RecordedApp;
  /** What it wrote to standard error until now. */
  logged(): string;
  /** kill -9. */
  kill(): void;
  /** SIGTERM. */
  stop(): void;
  /** Resolves when it ended. */
  readonly ended: Promise<Recording>;
}

/** One that ended before it listened. */
export type EndedServer = Pick<RecordedServer, 'logged' | 'ended'> & { readonly app?: never };

/** Starts it, and makes an app with the rooms if it is given none. */
export async function startRecorded(
  dataDir: string,
  options: {
    /** The directory that is recorded, if it is not the data directory. */
    readonly directory?: string;
    readonly traceFile: string;
    readonly failing?: FailingCall;
    readonly app?: RecordedApp;
    readonly rooms?: Readonly<Record<string, readonly string[]>>;
  },
): Promise<RecordedServer | EndedServer> {
  const { directory = dataDir, traceFile, failing, rooms = {} } = options;
  const server = record(programArguments(dataDir), {
    directory,
    traceFile,
    env: programEnvironment(environment),
    ...(failing !== undefined && { failing }),
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /^listening on (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    server.stdout.resume();
    const app = options.app ?? (await newApp(url, rooms));
    return {
      app,
      call: (method, path, body) => call({ url }, app.token, method, `/apps/${app.id}${path}`, body),
      logged: server.logged,
      kill: server.kill,
      stop: server.stop,
      ended: server.ended,
    };
  }
  return { logged: server.logged, ended: server.ended };
}

async function newApp(url: string, rooms: Readonly<Record<string, readonly string[]>>): Promise<RecordedApp> {
  const { json } = await call({ url }, adminToken, 'POST', '/admin/apps', { name: 'a' });
  const app = { id: String(json.id), token: String(json.token) };
  for (const [id, participants] of Object.entries(rooms))
    await call({ url }, app.token, 'POST', `/apps/${app.id}/conversations`, { id, participants });
  return app;
}
