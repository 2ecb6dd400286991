// Where there are no elements, as in a server that renders pages, importing <badged-count> does no harm.

import { expect, it } from 'vitest';

it('can be imported where there is no page, and is nothing there', async () => {
  expect('HTMLElement' in globalThis).toBe(false);
  const { BadgedCountElement } = await import('../../src/element/index.js');
  expect(BadgedCountElement.observedAttributes).toContain('value');
});
