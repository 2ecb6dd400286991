/** The error responses of the OpenAPI document: two for each shape of errors, by name. */

const notFound = {
  id: 'not_found',
  code: 102,
  message: 'There is no conversation with this id.',
  url: 'https://badges.example.com/errors/not_found',
  data: {},
};
const unavailable = {
  id: 'service_unavailable',
  code: 1,
  message: 'The service cannot reach its store at the moment. Try again in a moment.',
  url: 'https://badges.example.com/errors/service_unavailable',
  data: {},
};
const genesys = { contextId: '9d3c1f6e-5b0a-4c55-8b2e-2f4f3f1d7a10', details: [], errors: [] };

const refused = 'The request was refused. The error says why, and what to do.';
const failed = 'The service failed, or is unavailable. A retry may succeed.';

export const errorResponses = {
  ClientError: response('Error', refused, notFound),
  ServerError: response('Error', failed, unavailable),
  GenesysClientError: response('GenesysError', refused, {
    message: notFound.message,
    code: 'not.found',
    status: 404,
    ...genesys,
  }),
  GenesysServerError: response('GenesysError', failed, {
    message: unavailable.message,
    code: 'service.unavailable',
    status: 503,
    ...genesys,
  }),
};

function response(schema: 'Error' | 'GenesysError', description: string, example: object) {
  const $ref = `#/components/schemas/${schema}`;
  return { description, content: { 'application/json': { schema: { $ref }, example } } };
}

const names = new Map<string, string>();
for (const [name, { content }] of Object.entries(errorResponses)) {
  const { $ref } = content['application/json'].schema;
  names.set(`${name.endsWith('ClientError') ? '4XX' : '5XX'} ${$ref}`, name);
}

/** Replaces each error response of the operations below these paths by a reference to the named one. */
export function referToErrorResponses(paths: object): void {
  for (const operation of Object.values(paths).flatMap((path: object) => Object.values(path))) {
    const responses: Record<string, { content?: Record<string, { schema?: { $ref?: string } }> }> =
      operation.responses;
    for (const [status, { content = {} }] of Object.entries(responses)) {
      const name = names.get(`${status} ${Object.values(content)[0]?.schema?.$ref}`);
      if (name !== undefined) operation.responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
}
