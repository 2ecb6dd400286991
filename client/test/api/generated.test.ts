// The generated part of the client is what the server's schemas say today.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const generator = fileURLToPath(new URL('../../scripts/generate_api.mjs', import.meta.url));

it("client/src/api/operations.ts is generated from the server's schemas as they are", () => {
  const { stderr, status } = spawnSync(process.execPath, [generator, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
