/** The ids that the dashboard shows and sends, from the URIs of the API. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resourceId } from '../src/server/resource_id.js';

test('every id comes back from its URI', () => {
  const ids = fc.string({ unit: 'grapheme', minLength: 1 }).filter((id) => id !== '.' && id !== '..');
  fc.assert(
    fc.property(ids, (id) => {
      expect(resourceId(`layer:///conversations/${encodeURIComponent(id)}`)).toBe(id);
    }),
    { examples: [['room 42'], ['a/b'], ['50%'], ['...']] },
  );
});

test.each(['.', '..'])('the id %s stays a URI, since a URL cannot hold it', (id) => {
  const uri = `layer:///conversations/${id}`;
  expect(resourceId(uri)).toBe(uri);
});
