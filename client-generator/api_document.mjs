/** The part of the server's OpenAPI document that the typed client is for. */

import { randomUUID } from 'node:crypto';
import { buildHttp } from '@badged/server/http';
import { openService } from '@badged/server/service';
import { ReferenceStore } from '@badged/server/store/reference';

/** The first two are for @badged/client/platform. The third is for monitoring, and partly not JSON. */
const otherTags = new Set(['chat badges', 'notification channels', 'operations']);

/** The document without the operations of other clients, and without components that no operation refers to. */
export async function readDocument() {
  const document = await serverDocument();
  const paths = Object.entries(document.paths)
    .map(([path, operations]) => [path, ownOperations(operations)])
    .filter(([, operations]) => Object.keys(operations).length > 0);
  return withUsedComponents({ ...document, paths: Object.fromEntries(paths) });
}

async function serverDocument() {
  const service = await openService(new ReferenceStore(), { now: Date.now, newId: randomUUID });
  const http = buildHttp({ service, adminTokenHash: new Uint8Array(32) });
  await http.ready();
  // Without its prototypes and hidden properties, it is what a reader of /openapi.json gets.
  const document = JSON.parse(JSON.stringify(http.swagger()));
  await http.close();
  return document;
}

function ownOperations(operations) {
  return Object.fromEntries(
    Object.entries(operations).filter(([, { tags }]) => !tags.some((tag) => otherTags.has(tag))),
  );
}

function withUsedComponents({ components, ...document }) {
  const used = { schemas: {}, responses: {} };
  const add = (value) => {
    for (const [, kind, name] of JSON.stringify(value).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      if (name in used[kind]) continue;
      used[kind][name] = components[kind][name];
      add(used[kind][name]);
    }
  };
  add(document.paths);
  return { ...document, components: { ...components, ...used } };
}
