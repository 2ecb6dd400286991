/** Describes an error: the endpoint that the `url` of each error links to. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { errorResponses } from '../foundation/error_schema.js';
import { ApiError, type ErrorId, errorTable } from '../foundation/errors.js';

const DescribedError = Type.Object(
  {
    id: Type.String(),
    code: Type.Integer(),
    status: Type.Integer({ description: 'The HTTP status of the response.' }),
    meaning: Type.String(),
  },
  { $id: 'DescribedError' },
);

export function addErrorReference(app: FastifyInstance): void {
  const schema = {
    operationId: 'describe_error',
    'x-example': { response: { id: 'not_found', ...errorTable.not_found } },
    summary: 'Read what an error means.',
    tags: ['operations'],
    params: Type.Object({ id: Type.String() }),
    response: { 200: DescribedError, ...errorResponses },
  };
  app.get<{ Params: { id: string } }>(
    '/errors/:id',
    { config: { access: 'public' }, schema },
    async ({ params: { id } }) => {
      if (!isErrorId(id))
        throw new ApiError('not_found', 'There is no such error. docs/errors.md lists all errors.');
      return { id, ...errorTable[id] };
    },
  );
}

function isErrorId(id: string): id is ErrorId {
  return Object.hasOwn(errorTable, id);
}
