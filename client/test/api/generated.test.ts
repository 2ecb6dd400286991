// The generated part of the client is what the server's schemas say today.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const generator = fileURLToPath(new URL('../../../client-generator/generate.mjs', import.meta.url));

it("the generated files of client/src/api are what the server's schemas say", () => {
  const { stderr, status } = spawnSync(process.execPath, [generator, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 60_000);
