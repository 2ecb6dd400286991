// What is built for pages without a bundler.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

describe('the module for pages', () => {
  const file = new URL('../../dist/api/badged_client.mjs', import.meta.url);
  const text = readFileSync(file, 'utf8');

  it('is below 5 kB minified and compressed', () => {
    expect(gzipSync(text, { level: 9 }).length).toBeLessThan(5_000);
  });

  it('needs nothing else, neither from Node nor from elsewhere', async () => {
    expect(text).not.toMatch(/\bimport\b|\brequire\b|\bprocess\b|\bBuffer\b/);
    const { createClient, BadgedError } = await import(file.href);
    expect(createClient({ url: '' }).sendMessage).toBeInstanceOf(Function);
    expect(new BadgedError('timeout', 'late')).toMatchObject({
      name: 'BadgedError',
      id: 'timeout',
      status: 0,
    });
  });
});
