// The browser badge is small: what it promises in bytes, of the file that pages load.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPages, buildPages } from './built_pages.js';

describe('the files that pages load', () => {
  let built: BuiltPages;
  beforeAll(async () => {
    built = await buildPages();
  });
  afterAll(() => built.remove());

  it.each([
    ['badge/badged_badge.mjs', 8000],
    ['element/badged_count.mjs', 3000],
    ['worker/badged_worker.js', 3000],
  ])('%s is below %i bytes, minified and compressed, with all that it needs', (file, limit) => {
    const text = readFileSync(join(built.folder, file), 'utf8');
    expect(gzipSync(text).length).toBeLessThan(limit);
    expect(text).not.toMatch(/\bimport\s*[({"']|\bfrom\s*["']/);
  });

  it('the worker as a classic script leaves one name', () => {
    const text = readFileSync(join(built.folder, 'worker/badged_worker.js'), 'utf8');
    expect(text).toMatch(/^var badgedWorker=/);
    expect(text).not.toMatch(/\bexport\b\s*[{*]/);
  });
});
