/** `badged serve --tls --dev`, as a real process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main, programEnvironment } from './server_process.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'badged-serve-tls-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function serve(...flags: string[]) {
  const args = [main, 'serve', '--port', '0', '--data-dir', directory, ...flags];
  return spawn(process.execPath, args, { env: programEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

test('it warns, names the certificate to trust, and serves https to who trusts it', async () => {
  const child = serve('--tls', '--dev');
  const lines: string[] = [];
  let port = '';
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    port = /^listening on https:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1] ?? '';
    if (port !== '') break;
  }
  child.stdout.resume();
  const certFile = join(directory, 'tls.crt');
  expect(lines[0]).toContain('DEVELOPMENT MODE');
  expect(lines.join('\n')).toContain(certFile);
  const options = { host: '127.0.0.1', servername: 'api.localhost', port, path: '/readyz' };
  const [answer] = await once(get({ ...options, ca: readFileSync(certFile) }), 'response');
  expect(answer.statusCode).toBe(200);
  answer.resume();
  await expect(once(get(options), 'response')).rejects.toThrow(/self-signed/i);
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

test('development mode is refused on anything but loopback', async () => {
  const child = serve('--dev', '--host', '0.0.0.0');
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  expect((await once(child, 'exit'))[0]).toBe(1);
  expect(said.join('')).toContain('--dev lets anyone sign in as any user');
});
