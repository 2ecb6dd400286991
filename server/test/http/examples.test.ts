/** Every example of the OpenAPI document, sent to a service that is in the state which the examples are about. */
import { DevProviders } from '@badged/dev-push';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExampleRequest, type ExampleWorld, openExampleWorld } from './example_world.js';
import { at } from './openapi_check.js';
import { type Method, openWorld } from './world.js';

let providers: DevProviders;
/** For operations that change nothing. Every other one gets a world of its own. */
let unchanged: ExampleWorld;
beforeAll(async () => {
  providers = await DevProviders.listen();
  unchanged = await openExampleWorld(providers);
});
afterAll(async () => {
  await unchanged.close();
  await providers.close();
});

const document = await readDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Random, or known only once a provider has responded. The document shows their form. */
const volatile = new Set([
  'access_token',
  'badge_accepted_at',
  'connectUri',
  'public_key',
  'secret',
  'token',
]);
/** What these make gets a random id. */
const withNewId = new Set([
  'create_app',
  'create_oauth_client',
  'create_token',
  'post_notifications_channels',
]);
/** The list shows the number that a device accepted, which comes a moment after it is registered. */
const withPushedBadge = new Set(['list_own_push_tokens', 'list_push_tokens']);
/** Measured, and different at every moment. */
const measured = new Set(['get_overview', 'metrics']);

describe('the example of', () => {
  test.each(operations.map((each) => [each.operation.operationId, each] as const))(
    '%s works, and its response is the documented one',
    async (operationId, { path, method, operation }) => {
      const world = method === 'get' ? unchanged : await openExampleWorld(providers);
      try {
        // send() also checks the response against the schema of the document.
        const { status, text } = await world.send(requestOf(path, method, operation));
        expect(status).toBeLessThan(300);
        const response = operation.responses[`${status}`];
        expect(response).toBeDefined();
        if (measured.has(operationId)) return;
        const example = at(response, ['content', 'application/json', 'example']);
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        expect(comparable(operationId, body)).toEqual(comparable(operationId, example));
      } finally {
        if (world !== unchanged) await world.close();
      }
    },
  );
});

test('every request body, every parameter of a path and every response body has an example', () => {
  for (const { operation } of operations) {
    const { operationId, parameters = [], requestBody, responses } = operation;
    for (const parameter of parameters)
      if (parameter.in === 'path')
        expect(parameter.example, `${operationId} ${parameter.name}`).toBeDefined();
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
    for (const described of [requestBody, success]) {
      const content = at(described, ['content', 'application/json']);
      if (content !== undefined) expect(content, operationId).toHaveProperty('example');
    }
  }
});

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly example?: unknown }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security: readonly object[];
}

async function readDocument(): Promise<{ paths: Readonly<Record<string, Record<string, Operation>>> }> {
  const world = await openWorld();
  const response = await world.send('GET', '/openapi.json');
  await world.close();
  return response.json();
}

function requestOf(path: string, method: string, operation: Operation): ExampleRequest {
  const { parameters = [], requestBody, security } = operation;
  const exampleOf = (name: string) => `${parameters.find((parameter) => parameter.name === name)?.example}`;
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.example !== undefined);
  const search = new URLSearchParams(
    Object.fromEntries(query.map(({ name, example }) => [name, `${example}`])),
  );
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(exampleOf(name)));
  return {
    method: method.toUpperCase() as Method,
    url: search.size === 0 ? url : `${url}?${search}`,
    body: at(requestBody, ['content', 'application/json', 'example']),
    schemes: security.flatMap((requirement) => Object.keys(requirement)),
  };
}

/** The body with the type in place of each value that differs from run to run. */
function comparable(operationId: string, body: unknown): unknown {
  return body === undefined
    ? undefined
    : JSON.parse(
        JSON.stringify(body, (key, value: unknown) => {
          const differs =
            (volatile.has(key) && typeof value === 'string') ||
            (key === 'id' && withNewId.has(operationId)) ||
            ((key === 'badge' || key === 'badge_accepted_at') && withPushedBadge.has(operationId));
          return differs ? 'differs from run to run' : value;
        }),
      );
}
