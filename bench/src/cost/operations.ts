/** The operations that take a body, read from the server's own OpenAPI document, with paths that lead somewhere. */
import { type HostileBody, hostileBodies } from './hostile_bodies.js';
import type { Victim } from './victim.js';

export interface ApiOperation {
  readonly name: string;
  readonly method: string;
  path(app: string): string;
  hostileBodies(bytes: number): HostileBody[];
  tokens(victim: Victim): readonly { readonly name: string; readonly token: string }[];
}

export async function readOperations(victim: Victim): Promise<ApiOperation[]> {
  const { text } = await victim.send({ method: 'GET', path: '/openapi.json', token: victim.app.token });
  const document: unknown = JSON.parse(text);
  return entries(member(document, 'paths')).flatMap(([path, methods]) =>
    entries(methods).flatMap(([method, described]) => {
      const content = member(member(described, 'requestBody'), 'content');
      const json = member(content, 'application/json');
      if (json === undefined) return [];
      const schema = resolve(document, member(json, 'schema'));
      return [
        {
          name: String(member(described, 'operationId')),
          method: method.toUpperCase(),
          path: (app) => pathFor(path, app),
          hostileBodies: (bytes) => hostileBodies(schema, sampleOf(json), bytes),
          tokens: ({ server, app, userToken }) => [
            { name: 'app token', token: app.token },
            { name: 'user token', token: userToken },
            ...(path.startsWith('/admin') ? [{ name: 'admin token', token: server.adminToken }] : []),
          ],
        } satisfies ApiOperation,
      ];
    }),
  );
}

function pathFor(path: string, app: string): string {
  const uuid = '7d1b2b1e-57a4-4e0e-9f3c-2f6c0d6d8a01';
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'app_uuid' || name === 'app_id') return app;
    return name === 'user_id' || name === 'owner_id' ? 'bystander' : uuid;
  });
}

/** The documented example, where there is one. */
function sampleOf(json: unknown): object {
  const example = member(json, 'example') ?? member(entries(member(json, 'examples'))[0]?.[1], 'value');
  return typeof example === 'object' && example !== null && !Array.isArray(example) ? example : {};
}

function resolve(document: unknown, schema: unknown): unknown {
  const reference = member(schema, '$ref');
  if (typeof reference !== 'string') return schema;
  return reference.split('/').slice(1).reduce(member, document);
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
