/**
 * The authorization endpoint, and the ways back to it: from the app's login page with an identity token, or in
 * development from a page that lets one say who one is. What is wrong with the client or its redirect URI is
 * told on a page; everything else goes back to the client.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { userId } from '../../service/ids.js';
import {
  allow,
  authorizationOf,
  type Destination,
  destinationOf,
  type Parameters,
  refusalAddress,
} from '../../service/oauth/authorization.js';
import { findLogin, isLoopbackName } from '../../service/oauth/login.js';
import { OAuthError } from '../../service/oauth/oauth_error.js';
import { beginSession, sessionUser } from '../../service/oauth/sessions.js';
import {
  type Authorization,
  beginSignIn,
  closeSignIn,
  loginAddress,
  openSignIn,
  readIdentity,
  SignInError,
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
import { parametersOf } from './parameters.js';
import type { OAuthSurroundings } from './routes.js';

const options = { config: { access: 'public' as const }, schema: { hide: true } };

export function addAuthorizationEndpoints(app: FastifyInstance, surroundings: OAuthSurroundings): void {
  const { service, isDev } = surroundings;

  app.get('/oauth/authorize', options, async (request, reply) => {
    const jar = jarOf(surroundings, request, reply);
    const parameters = parametersOf(request.query);
    const destination = await destinationOf(service, parameters);
    try {
      const authorization = authorizationOf(destination, parameters);
      // Before any session is looked at: one from before the login page was removed opens nothing.
      if ((await findLogin(service, destination.client.app)) === undefined && !isDev)
        throw new SignInError('This app has no login page, so nobody can sign in to it.');
      const user = await signedIn(surroundings, jar, destination, parameters);
      if (user !== undefined) return reply.redirect(await allow(service, authorization, user), 302);
      return await leaveForLogin(surroundings, jar, { app: destination.client.app, authorization });
    } catch (error) {
      if (error instanceof OAuthError) return reply.redirect(refusalAddress(destination, error), 302);
      throw error;
    }
  });

  app.get('/oauth/callback', options, async (request, reply) => {
    const jar = jarOf(surroundings, request, reply);
    const parameters = parametersOf(request.query);
    const nonce = parameters('nonce') ?? '';
    const signIn = await openSignIn(service, nonce, readCookie(jar, signInCookie(nonce)));
    if (parameters('error') !== undefined) {
      clearCookie(jar, signInCookie(nonce));
      const refused = new OAuthError('access_denied', 'The user did not sign in.');
      return reply.redirect(refusalAddress(answerTo(signIn.authorization), refused), 302);
    }
    const user = await readIdentity(service, signIn, parameters('id_token') ?? '');
    return finish(surroundings, jar, { ...signIn, user });
  });

  if (!isDev) return;
  app.post('/oauth/dev_login', options, async (request, reply) => {
    const jar = jarOf(surroundings, request, reply);
    const parameters = parametersOf(request.body);
    const nonce = parameters('nonce') ?? '';
    const signIn = await openSignIn(service, nonce, readCookie(jar, signInCookie(nonce)));
    // Where the app has a login page of its own, nobody passes it by.
    if ((await findLogin(service, signIn.app)) !== undefined)
      throw new SignInError('This app has a login page.');
    return finish(surroundings, jar, { ...signIn, user: chosenUser(parameters) });
  });
}

/** Who signed in with this browser a while ago, unless the client wants them to do so again. */
async function signedIn(
  { service }: OAuthSurroundings,
  jar: CookieJar,
  { client }: Destination,
  parameters: Parameters,
): Promise<string | undefined> {
  const prompt = parameters('prompt');
  if (prompt === 'login') return undefined;
  const user = await sessionUser(service, client.app, readCookie(jar, sessionCookie(client.app)));
  if (user === undefined && prompt === 'none')
    throw new OAuthError('login_required', 'Nobody is signed in, and prompt=none allows no login page.');
  return user;
}

async function leaveForLogin(
  { service, publicUrl }: OAuthSurroundings,
  jar: CookieJar,
  { app, authorization }: { readonly app: string; readonly authorization: Authorization },
): Promise<FastifyReply> {
  const login = await findLogin(service, app);
  const returnBase = returnBaseOf(baseOf(jar.request, publicUrl), publicUrl);
  const signIn = await beginSignIn(service, app, authorization);
  setCookie(jar, signInCookie(signIn.nonce), signIn.cookie);
  if (login === undefined) return sendDevPage(jar.reply, signIn.nonce, authorization.loginHint ?? '');
  const returnTo = `${returnBase}/oauth/callback?nonce=${signIn.nonce}`;
  return jar.reply.redirect(await loginAddress(service, login, signIn, { returnTo, authorization }), 302);
}

/**
 * Where a login page sends identity tokens. The service signs it, so it must not be what a request's Host header
 * says: whoever forged one would get, signed, an address of their own, and with it the identity of every user whom
 * they send to the login page. Only a name of this machine itself is believed, as it leads nowhere else.
 */
function returnBaseOf(base: string, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url !== undefined && isLoopbackName(url.hostname)) return url.origin;
  throw new SignInError(
    'This server does not know its own address, so nobody can sign in. Start it with --public-url.',
  );
}

async function finish(
  { service }: OAuthSurroundings,
  jar: CookieJar,
  {
    app,
    nonce,
    user,
    authorization,
  }: { app: string; nonce: string; user: string; authorization: Authorization },
): Promise<FastifyReply> {
  await closeSignIn(service, app, nonce);
  const address = await allow(service, authorization, user);
  clearCookie(jar, signInCookie(nonce));
  setCookie(jar, sessionCookie(app), await beginSession(service, app, user));
  // 303: what was a form must not be sent on as one.
  return jar.reply.redirect(address, 303);
}

function answerTo({ redirectUri, state, responseType }: Authorization) {
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

export function jarOf(
  { publicUrl }: OAuthSurroundings,
  request: FastifyRequest,
  reply: FastifyReply,
): CookieJar {
  return { request, reply, isSecure: baseOf(request, publicUrl).startsWith('https:') };
}
