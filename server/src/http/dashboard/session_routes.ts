/** Sign in to the dashboard, read the session, and sign out. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { BegunSession, DashboardSession, DashboardSessions } from '../../service/dashboard_sessions.js';
import { errorResponses } from '../foundation/error_schema.js';
import { ApiError } from '../foundation/errors.js';
import { isoTime, Time } from '../foundation/ids.js';
import { type CookieDeps, clearSessionCookie, isForeign, setSessionCookie } from './session_cookie.js';

const url = '/admin/session';
const tags = ['admin'];
/** Far above the size of a token. The endpoint is public, and parsing megabytes of JSON is slow. */
const signInBytes = 16_384;

const SignIn = Type.Object(
  {
    token: Type.Optional(Type.String({ description: 'The admin token.' })),
    code: Type.Optional(
      Type.String({
        description:
          'Instead of the token: the code of the sign-in link that the server printed. It can be used once.',
      }),
    ),
  },
  { additionalProperties: false },
);

const Session = Type.Object(
  {
    expires_at: Time,
    version: Type.String({ description: 'The version of the server.' }),
  },
  { $id: 'DashboardSession' },
);

const NoContent = Type.Null({ description: 'No content. Set-Cookie has the session.' });

export interface SessionDeps extends CookieDeps {
  readonly version: string;
}

export function addSessionRoutes(app: FastifyInstance, deps: SessionDeps): void {
  const { sessions, publicUrl, version } = deps;
  const begin = {
    operationId: 'sign_in',
    'x-example': { body: { token: 'ADMIN_TOKEN' } },
    summary: 'Begin a session of the dashboard. A cookie identifies it.',
    tags,
    'x-idempotency': 'none' as const,
    body: SignIn,
    response: { 204: NoContent, ...errorResponses },
  };
  app.post<{ readonly Body: Static<typeof SignIn> }>(
    url,
    { config: { access: 'public' }, bodyLimit: signInBytes, schema: begin },
    async (request, reply) => {
      if (isForeign(request, publicUrl)) {
        throw new ApiError('access_denied', 'Only the pages of this server may sign in here.');
      }
      const session = await signedIn(sessions, request.body);
      setSessionCookie(request, reply, publicUrl, session);
      return reply.code(204).send();
    },
  );

  const read = {
    operationId: 'get_session',
    'x-example': { response: { expires_at: '2030-01-02T00:00:00.000Z', version: '1.0.0' } },
    summary: 'Read whether this browser is signed in to the dashboard, and when its session expires.',
    tags,
    response: { 200: Session, ...errorResponses },
  };
  app.get(url, { config: { access: 'session' }, schema: read }, async (request) => ({
    expires_at: isoTime(sessionIn(request).expiresAt),
    version,
  }));

  const end = {
    operationId: 'sign_out',
    summary: 'End the session of the dashboard.',
    tags,
    response: { 204: NoContent, ...errorResponses },
  };
  app.delete(url, { config: { access: 'session' }, schema: end }, async (request, reply) => {
    await sessions.end(sessionIn(request));
    clearSessionCookie(request, reply, publicUrl);
    return reply.code(204).send();
  });
}

async function signedIn(
  sessions: DashboardSessions,
  { token, code }: Static<typeof SignIn>,
): Promise<BegunSession> {
  if (token !== undefined) {
    return (await sessions.beginWithToken(token)) ?? refuse('This is not the admin token.');
  }
  if (code !== undefined) {
    const message = 'The sign-in link has expired or was used before. Sign in with the admin token.';
    return (await sessions.beginWithCode(code)) ?? refuse(message);
  }
  const data = { property: 'token' };
  throw new ApiError('missing_property', 'token is missing. The admin token.', { data });
}

function refuse(message: string): never {
  throw new ApiError('authentication_required', message);
}

function sessionIn({ principal }: FastifyRequest): DashboardSession {
  if (principal?.kind !== 'session') throw new Error('The access rule requires a session.');
  return principal.session;
}
