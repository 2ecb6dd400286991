// The operations of the server's OpenAPI document, as the client's generator needs them.

import { randomUUID } from 'node:crypto';
import { buildHttp } from '@badged/server/http';
import { openService } from '@badged/server/service';
import { ReferenceStore } from '@badged/server/store/reference';

/** Another client, @badged/client/platform, is for the first two; the third is for monitoring, and partly not JSON. */
const otherSubjects = new Set(['chat badges', 'notification channels', 'operations']);

/** A body that is a list has a name of its own in the one object that a method takes, as it has in the server's. */
const LIST = 'operations';

/**
 * POST and PATCH that lead to the same however often they arrive, since they say what shall be, or hand out what
 * nobody keeps. Whatever is neither here nor takes a request id is never sent again when nobody knows how it ended.
 */
const SAFE = [
  'change_app',
  'change_blocks',
  'change_conversation',
  'change_oauth_client',
  'create_announcement_receipt',
  'create_block',
  'create_message_receipt',
  'create_own_announcement_receipt',
  'create_own_message_receipt',
  'create_user_token',
  'mark_all_read',
  'mark_unread',
  'post_badge',
  'register_own_push_token',
  'register_push_token',
  'set_badges',
];

/** Each item of it carries the request id that it would carry alone. */
const BATCH = 'create_events';

/** The operations, and the schema of what every error is answered with. */
export async function readOperations() {
  const { paths, components } = await document();
  const batched = new Set();
  const operations = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const [verb, described] of Object.entries(methods)) {
      if (described.tags.some((tag) => otherSubjects.has(tag))) continue;
      if (described.operationId === BATCH) for (const name of namesOf(described)) batched.add(name);
      operations.push(operationOf(path, verb.toUpperCase(), described));
    }
  }
  const names = operations.map(({ name }) => name);
  for (const name of [...SAFE, BATCH]) {
    if (!names.includes(name)) throw new Error(`There is no operation ${name} any more.`);
  }
  return {
    operations: operations.map((operation) => ({ ...operation, inBatch: batched.has(operation.name) })),
    error: components.schemas.Error,
  };
}

async function document() {
  const service = await openService(new ReferenceStore(), { now: Date.now, newId: randomUUID });
  const http = buildHttp({ service, adminTokenHash: new Uint8Array(32) });
  await http.ready();
  const described = http.swagger();
  await http.close();
  return described;
}

function operationOf(path, verb, { operationId: name, summary, parameters = [], requestBody, responses }) {
  const method = name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const takesRequestId =
    verb === 'POST' && parameters.some((parameter) => parameter.name.toLowerCase() === 'if-none-match');
  const body = bodyOf(name, requestBody);
  const input = objectOf([...inPath, ...inQuery], body);
  const repeat = repeatOf(name, takesRequestId);
  return {
    name,
    method,
    summary,
    inputName: `${pascal(method)}Input`,
    input,
    ...answerOf(name, method, responses),
    request: {
      method: verb,
      path: path.replace(/\{(\w+)\}/g, ':$1'),
      ...(inQuery.length > 0 && { query: inQuery.map((parameter) => parameter.name) }),
      ...(body?.isList && { list: LIST }),
      ...(repeat !== undefined && { repeat }),
    },
  };
}

function repeatOf(name, takesRequestId) {
  if (name === BATCH) return 'items';
  if (takesRequestId) return 'request_id';
  return SAFE.includes(name) ? 'safe' : undefined;
}

function bodyOf(name, requestBody) {
  if (requestBody === undefined) return undefined;
  const { schema } = requestBody.content['application/json'];
  if (schema.type === 'object') return { isList: false, schema };
  if (schema.type !== 'array') throw new Error(`${name} has a body that is neither an object nor a list.`);
  const items = name === BATCH ? { tsType: 'BatchOperation' } : schema.items;
  const properties = { [LIST]: { ...schema, items } };
  return { isList: true, schema: { properties, required: [LIST] } };
}

function objectOf(parameters, body) {
  const given = parameters.map(({ name, schema, description }) => [name, { ...schema, description }]);
  const properties = { ...Object.fromEntries(given), ...body?.schema.properties };
  const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
  if (Object.keys(properties).length === 0) return undefined;
  return { type: 'object', properties, required: [...needed, ...(body?.schema.required ?? [])] };
}

/** Of several answers with a body all are alike; where another has none, the method may answer nothing. */
function answerOf(name, method, responses) {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const schemas = good.map(([, { content }]) => content?.['application/json']?.schema ?? { type: 'null' });
  const [answer, ...others] = schemas.filter(({ type }) => type !== 'null');
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(answer))) {
    throw new Error(`${name} answers in several ways, which a method cannot tell apart.`);
  }
  if (answer === undefined) return { answerName: undefined, mayBeEmpty: true };
  const mayBeEmpty = schemas.some(({ type }) => type === 'null');
  return { answer, answerName: `${pascal(method)}Answer`, mayBeEmpty };
}

/** The names in the list of a batch's operations. */
function namesOf({ requestBody }) {
  const { items } = requestBody.content['application/json'].schema;
  return items.anyOf.map(({ properties }) => properties.operation.const ?? properties.operation.enum[0]);
}

function pascal(method) {
  return method[0].toUpperCase() + method.slice(1);
}
