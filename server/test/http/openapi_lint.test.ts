/** The OpenAPI document has no problem by redocly's recommended rules. spectral's rules are in npm run lint:api. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { at } from './openapi_check.js';
import { openWorld } from './world.js';

test('the OpenAPI document has no problem by the recommended rules of redocly', async () => {
  const source = await documentText();
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  const found = problems.map(
    ({ ruleId, message, location: [first] }) => `${ruleId}: ${message} ${first?.pointer}`,
  );
  expect(found).toEqual([]);
});

test('every body is a named shape, a list of one, or has none, so that generators make types with names', async () => {
  const document: unknown = JSON.parse(await documentText());
  for (const operation of Object.values(at(document, ['paths']) ?? {}).flatMap((path) =>
    Object.values(path),
  )) {
    const name = at(operation, ['operationId']);
    const bodies = [at(operation, ['requestBody']), ...Object.values(at(operation, ['responses']) ?? {})];
    for (const body of bodies) {
      const schema = at(body, ['content', 'application/json', 'schema']);
      if (schema === undefined) continue;
      const ref = at(schema, ['$ref']) ?? at(schema, ['items', '$ref']);
      expect(ref, `${name}`).toMatch(/^#\/components\/schemas\/[A-Z]\w+$/);
    }
  }
});

async function documentText(): Promise<string> {
  const world = await openWorld();
  const response = await world.send('GET', '/openapi.json');
  await world.close();
  return response.body;
}
