/** The API reference at /docs. It loads nothing from other hosts. */
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Must be called after describeApi, and before requireAccess. */
export function addDocsPage(app: FastifyInstance): void {
  openDocsToAnyone(app);
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: () => docsPolicy,
    theme: { title: 'badged: API reference' },
    logo: { type: 'image/svg+xml', content: logo },
    uiConfig: { deepLinking: true, validatorUrl: null, docExpansion: 'list' },
  });
}

/** The policy of the plugin names other hosts, and upgrades to https, which the service may not speak. */
const docsPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

const logo = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="40" viewBox="0 0 150 40">
    <text x="4" y="29" font-family="sans-serif" font-size="26" font-weight="bold" fill="#fff">badged</text>
    <circle cx="112" cy="14" r="10" fill="#e5484d"/>
    <text x="112" y="19" font-family="sans-serif" font-size="14" fill="#fff" text-anchor="middle">3</text>
  </svg>`,
);

/**
 * The plugin adds its routes without an access rule, and takes none as an option. Its own copies of the document become
 * redirects: writing it as YAML would take a fifth of a second of the event loop, and JSON is YAML too.
 */
function openDocsToAnyone(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.url !== '/docs' && !route.url.startsWith('/docs/')) return;
    route.config = { ...route.config, access: 'public' };
    if (route.url === '/docs/json' || route.url === '/docs/yaml')
      route.handler = async (_request, reply) => reply.redirect('../openapi.json');
  });
}
