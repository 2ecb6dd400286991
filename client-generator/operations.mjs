/** The operations of the document, as the client calls them. */

/** The property of a method's input that a body which is a list becomes. */
const LIST = 'operations';

export function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, described]) => operationOf(path, verb.toUpperCase(), described)),
  );
}

function operationOf(
  path,
  verb,
  { operationId: name, summary, parameters = [], requestBody, responses, ...rest },
) {
  const query = parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : []));
  const body = requestBody?.content['application/json'].schema;
  const isList = body?.type === 'array';
  const hasInput = body !== undefined || parameters.some((parameter) => parameter.in !== 'header');
  return {
    name,
    method: name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
    summary,
    hasInput,
    list: isList ? LIST : undefined,
    output: outputOf(name, responses),
    row: {
      method: verb,
      path: path.replace(/\{(\w+)\}/g, ':$1'),
      ...(query.length > 0 && { query }),
      ...(isList && { list: LIST }),
      ...retryOf(verb, rest['x-idempotency']),
    },
  };
}

/** GET, PUT and DELETE are idempotent by the rules of HTTP, so the client needs no word for it. */
function retryOf(verb, idempotency) {
  if (idempotency === 'none' || ['GET', 'PUT', 'DELETE'].includes(verb)) return {};
  return { idempotency };
}

/** The type of what a method returns. Where one successful response has no body, it may be undefined. */
function outputOf(name, responses) {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const types = successes.map(([, { content }]) => typeOf(name, content?.['application/json']?.schema));
  const [output = 'void', ...others] = [...new Set(types)].filter((type) => type !== 'void');
  if (others.length > 0)
    throw new Error(`${name} has several response bodies, and a method returns one type.`);
  return output !== 'void' && types.includes('void') ? `${output} | undefined` : output;
}

function typeOf(name, schema) {
  if (schema === undefined) return 'void';
  if (schema.type === 'array') return `${typeOf(name, schema.items)}[]`;
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  throw new Error(`The response body of ${name} has no name. Give its schema an $id.`);
}
