/** The cost benchmark measures every operation: a route that is added has to be added there. */
import { createHash, randomUUID } from 'node:crypto';
import { buildHttp } from '@badged/server/http';
import { openService } from '@badged/server/service';
import { ReferenceStore } from '@badged/server/store/reference';
import { expect, test } from 'vitest';
import { largestInputs } from '../src/cost/largest_inputs.js';

/** The stream of a badge is another form of an operation, and measured with it. */
const otherForms = new Set(['GET /apps/:app_uuid/users/:user_id/badge']);

test('each route of the server has its largest input among the costs that are measured', async () => {
  expect(Object.keys(largestInputs).sort()).toEqual(await routeNames());
});

/** By operationId, or by method and URL where a route has none. */
async function routeNames(): Promise<string[]> {
  const service = await openService(new ReferenceStore(), { now: Date.now, newId: randomUUID });
  const http = buildHttp({ service, adminTokenHash: createHash('sha256').update('admin').digest() });
  const names = new Set<string>();
  http.addHook('onRoute', ({ method, url, schema }) => {
    const operation: unknown = schema === undefined ? undefined : Reflect.get(schema, 'operationId');
    // HEAD is what GET is, without the body.
    const methods = [method].flat().filter((one) => one !== 'HEAD');
    for (const one of methods) names.add(typeof operation === 'string' ? operation : `${one} ${url}`);
  });
  await http.ready();
  await http.close();
  return [...names].filter((name) => !otherForms.has(name)).sort();
}
