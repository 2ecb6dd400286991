/** Reads HTML forms as bodies. A name that is given twice has a list of values. */

import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BodyReader } from './request_body.js';

/** More than any of our forms has. What comes after them is ignored. */
const maxFields = 100;

export function readForms(app: FastifyInstance, bodies: BodyReader): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const body = await bodies.read(request, payload);
      return parse(body.toString(), '&', '=', { maxKeys: maxFields });
    },
  );
}
