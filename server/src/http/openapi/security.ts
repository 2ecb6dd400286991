/** The security schemes of the OpenAPI document, made from the access rules of the routes. */
import type { Access } from '../foundation/principal.js';

/** The schemes by name. The base URL has no slash at the end, and is empty if it is not configured. */
export function securitySchemes(base: string) {
  return {
    adminToken: {
      type: 'http',
      scheme: 'bearer',
      description:
        'The admin token of the service. It gives access to everything under /admin, and to nothing else.',
    },
    appToken: {
      type: 'http',
      scheme: 'bearer',
      description: 'A token of the app in the path. It is for backends only.',
    },
    userToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A token of one user, created with create_user_token. It may be used in a page or on a phone.',
    },
    oauth2: {
      type: 'oauth2',
      description: 'An OAuth access token. It gives access to /api/v2, without scopes.',
      flows: {
        authorizationCode: {
          authorizationUrl: `${base}/oauth/authorize`,
          tokenUrl: `${base}/oauth/token`,
          refreshUrl: `${base}/oauth/token`,
          scopes: {},
        },
        clientCredentials: { tokenUrl: `${base}/oauth/token`, scopes: {} },
      },
    },
    dashboardSession: {
      type: 'apiKey',
      in: 'cookie',
      name: 'badged_dashboard',
      description:
        'The session of an operator who signed in to the dashboard. Over TLS, the name of the cookie starts with __Host-.',
    },
  } as const;
}

type Scheme = keyof ReturnType<typeof securitySchemes>;

const schemes: Readonly<Record<Access, readonly Scheme[]>> = {
  public: [],
  admin: ['adminToken', 'dashboardSession'],
  app: ['appToken', 'dashboardSession'],
  user: ['userToken', 'appToken', 'dashboardSession'],
  self: ['userToken'],
  oauth: ['oauth2', 'userToken'],
  me: ['oauth2', 'userToken'],
  session: ['dashboardSession'],
};

/** One of these is enough. */
export function securityOf(access: Access): Partial<Record<Scheme, string[]>>[] {
  return schemes[access].map((scheme) => ({ [scheme]: [] }));
}
