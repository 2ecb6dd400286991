/**
 * The OpenAPI 3.1 document, made of the schemas that the routes check with, at /openapi.json; and a reference
 * to browse, at /docs, which loads nothing from anywhere else.
 */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { errorSchema } from './foundation/error_schema.js';

/** In the order in which a newcomer needs them. */
const subjects = [
  'badges',
  'conversations',
  'messages',
  'receipts',
  'conversations of a user',
  'announcements',
  'blocks',
  'batch',
  'devices',
  'notifications',
  'tokens',
  'chat badges',
  'notification channels',
  'admin',
  'operations',
];

export interface Documented {
  readonly version: string;
}

export function describeApi(app: FastifyInstance, { version }: Documented): void {
  app.addSchema(errorSchema);
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'badged',
        version,
        description:
          "Exact unread counts, on every icon. An app's backend says what happened; this service keeps every user's badge.",
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: subjects.map((name) => ({ name })),
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'The admin token under /admin; elsewhere a token of the app, or of the user.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'badged_dashboard',
            description:
              'A session of the dashboard, in its own pages. Over TLS the name begins with __Host-. docs/dashboard.md has the rules.',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) =>
        typeof $id === 'string' ? $id : `def-${index}`,
    },
  });
  openDocsToAnyone(app);
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: () => docsPolicy,
    theme: { title: 'badged: API reference' },
    logo: { type: 'image/svg+xml', content: logo },
    uiConfig: { deepLinking: true, validatorUrl: null, docExpansion: 'list' },
  });
  app.register(async (scope) => {
    const schema = { hide: true };
    scope.get('/openapi.json', { config: { access: 'public' }, schema }, async () => app.swagger());
  });
}

/** The plugin's own policy names other hosts, and upgrades to https where there may be none. */
const docsPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

const logo = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="40" viewBox="0 0 150 40">
    <text x="4" y="29" font-family="sans-serif" font-size="26" font-weight="bold" fill="#fff">badged</text>
    <circle cx="112" cy="14" r="10" fill="#e5484d"/>
    <text x="112" y="19" font-family="sans-serif" font-size="14" fill="#fff" text-anchor="middle">3</text>
  </svg>`,
);

/** The plugin makes these routes itself and cannot be told their access rule. */
function openDocsToAnyone(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.url === '/docs' || route.url.startsWith('/docs/'))
      route.config = { ...route.config, access: 'public' };
  });
}
