/** badged dev-push, as an integrator uses it: every command that it prints is run as printed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../push/delivery_world.js';
import { call, main, programEnvironment, startServer } from './server_process.js';

const admin = 'an-admin-token-for-tests';

test('what it prints starts a server, sets credentials, registers devices and pushes to all of them', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'badged-dev-'));
  const dataDir = join(directory, 'data');
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const devPush = spawn(process.execPath, [main, 'dev-push', '--port', '0', '--url', 'http://SERVER'], {
    env: programEnvironment(),
  });
  onTestFinished(() => {
    devPush.kill('SIGKILL');
  });
  const printed = output(devPush);
  await eventually(() => expect(printed()).toContain('waiting for pushes'));

  const variables = Object.fromEntries(
    [...printed().matchAll(/^(BADGED_\w+)=(\S+) \\$/gm)].map(([, name, value]) => [name ?? '', value]),
  );
  expect(Object.keys(variables)).toHaveLength(5);
  const env = { ...variables, BADGED_ADMIN_TOKEN: admin };
  const server = await startServer(dataDir, env);
  onTestFinished(server.kill);
  const { json } = await call(server, admin, 'POST', '/admin/apps', { name: 'dev' });

  const curls = printed().match(/^curl (?:.*\\\n)*.*$/gm) ?? [];
  expect(curls).toHaveLength(7);
  for (const curl of curls) {
    const command = curl.replace('curl', 'curl -sf').replace('http://SERVER', server.url);
    const shell = { APP: String(json.id), TOKEN: String(json.token), ADMIN: admin };
    execFileSync('bash', ['--norc', '-c', command], { env: { ...process.env, ...shell }, encoding: 'utf8' });
  }
  await eventually(() => {
    expect(printed()).toMatch(/^apns {10}…[0-9a-f]{8} {2}badge 0$/m);
    expect(printed()).toMatch(/^fcm {11}….{8} {2}badge 0$/m);
    expect(printed()).toMatch(/^apns {10}…[0-9a-f]{8} {2}badge 0 {2}"Hello"$/m);
    expect(printed()).toMatch(/^fcm {11}….{8} {2}badge 0 {2}"Hello"$/m);
    expect(printed()).toMatch(/^webpush {7}….{8} {2}badge 0 {2}"Hello"$/m);
  });
});

function output({ stdout, stderr }: ChildProcess): () => string {
  const chunks: string[] = [];
  stdout?.on('data', (chunk) => chunks.push(String(chunk)));
  stderr?.on('data', (chunk) => chunks.push(String(chunk)));
  return () => chunks.join('');
}
