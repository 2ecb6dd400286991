/**
 * Lints the server's OpenAPI document with redocly's recommended rules and spectral's rules for OpenAPI: npm run lint:api.
 * Installs both first, without running their install scripts. It reads server/dist, so build first.
 */

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildHttp } from '@badged/server/http';
import { openService } from '@badged/server/service';
import { ReferenceStore } from '@badged/server/store/reference';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'badged-openapi-'));
try {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(await readDocument(), null, 2));
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  run('npx', ['--no-install', 'redocly', 'lint', file]);
  run('npx', [
    '--no-install',
    'spectral',
    'lint',
    '--ruleset',
    'spectral.yaml',
    '--fail-severity',
    'warn',
    file,
  ]);
} finally {
  rmSync(folder, { recursive: true });
}

async function readDocument() {
  const service = await openService(new ReferenceStore(), { now: Date.now, newId: randomUUID });
  const http = buildHttp({ service, adminTokenHash: new Uint8Array(32) });
  await http.ready();
  const document = http.swagger();
  await http.close();
  return document;
}

/** A linter that finds an error ends this process with its status. */
function run(program, args) {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { status } = spawnSync(program, args, { cwd: here, stdio: 'inherit', env });
  if (status !== 0) process.exitCode = status ?? 1;
}
