/**
 * The authorization endpoint, and the return from the app's login page, or from the development page. A wrong client
 * or redirect URI is shown on a page; any other error goes back to the client.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { userId } from '../../service/ids.js';
import {
  approve,
  errorRedirectUrl,
  findRedirectTarget,
  type Parameters,
  parseAuthorization,
  type RedirectTarget,
} from '../../service/oauth/authorization.js';
import { findLogin, isLoopbackName } from '../../service/oauth/login.js';
import { OAuthError } from '../../service/oauth/oauth_error.js';
import { sessionUser, startSession } from '../../service/oauth/sessions.js';
import {
  type Authorization,
  finishSignIn,
  loginUrl,
  SignInError,
  startSignIn,
  verifyIdentityToken,
  verifySignIn,
} from '../../service/oauth/sign_in.js';
import { Refused } from '../../service/refused.js';
import { baseOf } from '../foundation/base_url.js';
import {
  type CookieJar,
  clearCookie,
  readCookie,
  sessionCookie,
  setCookie,
  signInCookie,
} from './cookies.js';
import { sendDevPage } from './dev_page.js';
import type { OAuthDeps } from './oauth_deps.js';
import { parametersOf } from './parameters.js';

const options = { config: { access: 'public' as const }, schema: { hide: true } };

export function addAuthorizationEndpoints(app: FastifyInstance, deps: OAuthDeps): void {
  const { service, isDev } = deps;

  app.get('/oauth/authorize', options, async (request, reply) => {
    const jar = cookieJar(deps, request, reply);
    const parameters = parametersOf(request.query);
    const target = await findRedirectTarget(service, parameters);
    try {
      const authorization = parseAuthorization(target, parameters);
      // Checked before the session: one from before the login page was removed must not sign in.
      if ((await findLogin(service, target.client.app)) === undefined && !isDev)
        throw new SignInError(
          'This app has no login page, so users cannot sign in. Set it with PUT /admin/apps/APP/login.',
        );
      const user = await findSessionUser(deps, jar, target, parameters);
      if (user !== undefined) return reply.redirect(await approve(service, authorization, user), 302);
      return await redirectToLogin(deps, jar, { app: target.client.app, authorization });
    } catch (error) {
      if (error instanceof OAuthError) return reply.redirect(errorRedirectUrl(target, error), 302);
      throw error;
    }
  });

  app.get('/oauth/callback', options, async (request, reply) => {
    const jar = cookieJar(deps, request, reply);
    const parameters = parametersOf(request.query);
    const nonce = parameters('nonce') ?? '';
    const signIn = await verifySignIn(service, nonce, readCookie(jar, signInCookie(nonce)));
    if (parameters('error') !== undefined) {
      clearCookie(jar, signInCookie(nonce));
      const denied = new OAuthError('access_denied', 'The user did not sign in.');
      return reply.redirect(errorRedirectUrl(redirectTargetOf(signIn.authorization), denied), 302);
    }
    const user = await verifyIdentityToken(service, signIn, parameters('id_token') ?? '');
    return finish(deps, jar, { ...signIn, user });
  });

  if (!isDev) return;
  app.post('/oauth/dev_login', options, async (request, reply) => {
    const jar = cookieJar(deps, request, reply);
    const parameters = parametersOf(request.body);
    const nonce = parameters('nonce') ?? '';
    const signIn = await verifySignIn(service, nonce, readCookie(jar, signInCookie(nonce)));
    // An app's own login page cannot be bypassed.
    if ((await findLogin(service, signIn.app)) !== undefined)
      throw new SignInError('This app has a login page.');
    return finish(deps, jar, { ...signIn, user: chosenUser(parameters) });
  });
}

/** The user of the browser's session, unless the client asks for a new login. */
async function findSessionUser(
  { service }: OAuthDeps,
  jar: CookieJar,
  { client }: RedirectTarget,
  parameters: Parameters,
): Promise<string | undefined> {
  const prompt = parameters('prompt');
  if (prompt === 'login') return undefined;
  const user = await sessionUser(service, client.app, readCookie(jar, sessionCookie(client.app)));
  if (user === undefined && prompt === 'none')
    throw new OAuthError('login_required', 'No user is signed in, and prompt=none forbids the login page.');
  return user;
}

async function redirectToLogin(
  { service, publicUrl }: OAuthDeps,
  jar: CookieJar,
  { app, authorization }: { readonly app: string; readonly authorization: Authorization },
): Promise<FastifyReply> {
  const login = await findLogin(service, app);
  const returnBaseUrl = returnBaseUrlOf(baseOf(jar.request, publicUrl), publicUrl);
  const signIn = await startSignIn(service, app, authorization);
  setCookie(jar, signInCookie(signIn.nonce), signIn.cookie);
  if (login === undefined) return sendDevPage(jar.reply, signIn.nonce, authorization.loginHint ?? '');
  const returnTo = `${returnBaseUrl}/oauth/callback?nonce=${signIn.nonce}`;
  return jar.reply.redirect(await loginUrl(service, login, signIn, { returnTo, authorization }), 302);
}

/**
 * The base of the URL to which a login page returns users. The service signs it, so it never comes from a Host header:
 * a forged one would send the users' identity tokens to the attacker. Only a loopback host is trusted.
 */
function returnBaseUrlOf(base: string, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url !== undefined && isLoopbackName(url.hostname)) return url.origin;
  throw new SignInError(
    'This server does not know its own URL, so users cannot sign in. Start it with --public-url.',
  );
}

async function finish(
  { service }: OAuthDeps,
  jar: CookieJar,
  {
    app,
    nonce,
    user,
    authorization,
  }: { app: string; nonce: string; user: string; authorization: Authorization },
): Promise<FastifyReply> {
  await finishSignIn(service, app, nonce);
  const url = await approve(service, authorization, user);
  clearCookie(jar, signInCookie(nonce));
  setCookie(jar, sessionCookie(app), await startSession(service, app, user));
  // 303 turns a form's POST into a GET.
  return jar.reply.redirect(url, 303);
}

function redirectTargetOf({ redirectUri, state, responseType }: Authorization) {
  return { redirectUri, state, inFragment: responseType === 'token' };
}

function chosenUser(parameters: Parameters): string {
  try {
    return userId(parameters('user') ?? '', 'user');
  } catch (error) {
    if (error instanceof Refused) throw new SignInError(error.message);
    throw error;
  }
}

export function cookieJar({ publicUrl }: OAuthDeps, request: FastifyRequest, reply: FastifyReply): CookieJar {
  return { request, reply, isSecure: baseOf(request, publicUrl).startsWith('https:') };
}
