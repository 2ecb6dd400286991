/**
 * The OpenAPI 3.1 document at /openapi.json. It is made from the schemas that validate the requests, so the
 * document and the service cannot differ.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { errorSchema } from '../foundation/error_schema.js';
import { errorResponses, referToErrorResponses } from './error_responses.js';
import { placeExamples } from './examples.js';
import { NamedSchemas } from './named_schemas.js';
import { describeResponses, describeRoute } from './route_description.js';
import { securitySchemes } from './security.js';
import { tags } from './tags.js';

export interface DocumentOptions {
  /** The version of the program. */
  readonly version: string;
  /** What absolute URLs start with. Without it, the URLs in the document are relative to it. */
  readonly publicUrl: string | undefined;
}

/** Serves the document. It describes all routes that are added after this call. */
export function describeApi(app: FastifyInstance, { version, publicUrl }: DocumentOptions): void {
  const names = new NamedSchemas();
  app.addSchema(errorSchema);
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'badged',
        version,
        description,
        contact: { name: 'The operator of this service' },
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl ?? '/', description: 'This service.' }],
      tags: [...tags],
      components: { securitySchemes: securitySchemes(publicUrl ?? ''), responses: errorResponses },
    },
    convertConstToEnum: false,
    stripBasePath: false,
    transform: ({ schema, url, route }) => ({
      schema: describeRoute(schema, route.config?.access, names),
      url,
    }),
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, index) => `${$id ?? index}` },
    transformObject: (described) => {
      if (!('openapiObject' in described)) return described.swaggerObject;
      const { openapiObject: document } = described;
      placeExamples(document.paths ?? {});
      describeResponses(document.paths ?? {});
      referToErrorResponses(document.paths ?? {});
      Object.assign(document.components?.schemas ?? {}, names.components);
      return document;
    },
  });
  app.register(async (scope) => {
    const schema = { hide: true };
    scope.get('/openapi.json', { config: { access: 'public' }, schema }, async () => app.swagger());
  });
}

const description = `Exact unread counts, on every icon. The backend of an app reports what happened: a message was sent, a user read
a conversation, three tasks are open elsewhere. This service stores the unread counts of every user, and puts the right
number on every device.

**Retries.** \`x-idempotency\` says how to retry an operation when no response arrived:

- \`natural\`: a retry has no further effect.
- \`request_id\`: send the same UUID in \`If-None-Match\`, or the same \`id\` in the body, with each attempt.
- \`per_operation\`: each operation of the batch has its own \`request_id\`.
- \`none\`: a retry may take effect twice.`;
