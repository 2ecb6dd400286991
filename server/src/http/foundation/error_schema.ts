/** The schema of an error in the Layer-style and admin APIs, and the error responses that every route declares. */
import Type from 'typebox';
import { errorTable } from './errors.js';

export const errorSchema = Type.Object(
  {
    id: Type.Unsafe<string>({ type: 'string', enum: Object.keys(errorTable) }),
    code: Type.Unsafe<number>({ type: 'integer', enum: Object.values(errorTable).map(({ code }) => code) }),
    message: Type.String({ description: 'A sentence that says what is wrong and what to do.' }),
    url: Type.String({ description: 'The URL of the description of the error.' }),
    data: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'The property or header that is wrong, or the resource that exists already.',
      },
    ),
  },
  { $id: 'Error', description: 'Every error of the API.' },
);

/** Spread into the responses of every route. */
export const errorResponses = {
  '4xx': { description: 'The request was refused.', $ref: 'Error#' },
  '5xx': { description: 'The service is unavailable, or failed.', $ref: 'Error#' },
};
