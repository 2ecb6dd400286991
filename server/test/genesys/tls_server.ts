/** The whole server over TLS, as `badged serve --tls --dev` starts it, with its demo app and clients for it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../../src/compose.js';

export interface TlsServer {
  /** For setEnvironment(). */
  readonly environment: string;
  readonly port: number;
  readonly certFile: string;
  readonly app: string;
  readonly appToken: string;
  readonly conversation: string;
  call(method: string, path: string, token: string, body?: unknown): Promise<Record<string, unknown>>;
  admin(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function openTlsServer(): Promise<TlsServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'badged-tls-'));
  const running = await start({
    host: '127.0.0.1',
    port: 0,
    dataDir,
    logLevel: 'error',
    tls: { kind: 'development' },
    dev: true,
  });
  const { firstStart, certFile = '' } = running;
  if (firstStart?.demo === undefined) throw new Error('the directory was not new');
  const { adminToken = '', demo } = firstStart;
  const port = Number(new URL(running.url).port);
  const ca = readFileSync(certFile, 'utf8');
  const call: TlsServer['call'] = (method, path, token, body) =>
    exchange({ port, ca, method, path, token }, body);
  return {
    environment: `localhost:${port}`,
    port,
    certFile,
    app: demo.app,
    appToken: demo.token,
    conversation: demo.conversation,
    call,
    admin: (method, path, body) => call(method, `/admin${path}`, adminToken, body),
    async close() {
      await running.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

interface Exchange {
  readonly port: number;
  readonly ca: string;
  readonly method: string;
  readonly path: string;
  readonly token: string;
}

function exchange(
  { port, ca, method, path, token }: Exchange,
  body: unknown,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const options = { host: '127.0.0.1', servername: 'localhost', port, ca, method, path, headers };
    const sent = request(options, (answer) => {
      const chunks: string[] = [];
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = chunks.join('');
        if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${answer.statusCode} ${text}`));
        else resolve(text === '' ? {} : JSON.parse(text));
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
