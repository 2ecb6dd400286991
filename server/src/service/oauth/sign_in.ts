/**
 * Signing in: the way of a user to the app's login page and back. The request that sends them there is signed by
 * the service; the identity token that brings them back is signed by the app, for this service, this request
 * (nonce) and this browser (a cookie), and is good once. What a sign-in is about is in that cookie, signed, so
 * that nobody makes the service write anything before an app has said who they are.
 */
import { createLocalJWKSet, errors, jwtVerify, SignJWT } from 'jose';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { userId } from '../ids.js';
import { Refused } from '../refused.js';
import type { Service } from '../service.js';
import { kind } from './kept.js';
import { lifetimes } from './lifetimes.js';
import { findLogin, type LoginSettings } from './login.js';
import { OAuthError } from './oauth_error.js';

/** What a client asked for, checked, and to be answered once it is known who the user is. */
export const Authorization = Type.Object({
  client: Type.String(),
  redirectUri: Type.String(),
  responseType: Type.Union([Type.Literal('code'), Type.Literal('token')]),
  state: Type.Union([Type.String(), Type.Null()]),
  challenge: Type.String(),
  loginHint: Type.Union([Type.String(), Type.Null()]),
});
export type Authorization = Readonly<Static<typeof Authorization>>;

const Carried = Type.Object({ app: Type.String(), nonce: Type.String(), authorization: Authorization });
const carried = Compile(Carried);
const finishedSignIns = kind('oauth_sign_in_finished', Type.Object({}));

const cookieType = 'sign-in+jwt';
/** Browsers keep cookies of 4,096 bytes, name and attributes included (RFC 6265, section 6.1). */
const cookieBytes = 3_800;

/** The sign-in cannot go on, and nobody is to be sent anywhere with it. */
export class SignInError extends Error {
  override name = 'SignInError';
}

export interface SignIn {
  readonly app: string;
  readonly nonce: string;
  /** What the browser has to bring back. */
  readonly cookie: string;
}

export async function beginSignIn(
  service: Service,
  app: string,
  authorization: Authorization,
): Promise<SignIn> {
  const nonce = service.newId();
  const cookie = await new SignJWT({ app, nonce, authorization })
    .setProtectedHeader({ alg: 'HS256', typ: cookieType })
    .setExpirationTime(Math.floor((service.now() + lifetimes.signIn) / 1_000))
    .sign(service.oauth.keys.signIns);
  if (cookie.length > cookieBytes)
    throw new OAuthError(
      'invalid_request',
      'state is too long. Keep it with yourself, and send a short name for it.',
    );
  return { app, nonce, cookie };
}

/** What the app's JWT of an identity has to name as its audience. */
export function audienceOf(app: string): string {
  return `badged:${app}`;
}

/** Where the browser is sent: the app's login page with the signed request. */
export async function loginAddress(
  service: Service,
  login: LoginSettings,
  { app, nonce }: SignIn,
  { returnTo, authorization }: { readonly returnTo: string; readonly authorization: Authorization },
): Promise<string> {
  const now = Math.floor(service.now() / 1_000);
  const { loginHint, client } = authorization;
  const request = await new SignJWT({
    nonce,
    client_id: client,
    return_to: returnTo,
    ...(loginHint === null ? {} : { login_hint: loginHint }),
  })
    .setProtectedHeader({ alg: 'ES256', kid: service.oauth.keys.published.kid, typ: 'login-request+jwt' })
    .setIssuer(audienceOf(app))
    .setAudience(login.url)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimes.signIn / 1_000)
    .sign(service.oauth.keys.signing);
  const url = new URL(login.url);
  url.searchParams.set('request', request);
  return url.href;
}

/** The sign-in that this browser began; it stays open. */
export async function openSignIn(
  service: Service,
  nonce: string,
  cookie: string | undefined,
): Promise<Readonly<Static<typeof Carried>>> {
  if (cookie === undefined) throw new SignInError('This browser did not begin this sign-in.');
  try {
    const { payload } = await jwtVerify<unknown>(cookie, service.oauth.keys.signIns, {
      algorithms: ['HS256'],
      typ: cookieType,
      requiredClaims: ['exp'],
      currentDate: new Date(service.now()),
    });
    if (!carried.Check(payload) || payload.nonce !== nonce)
      throw new SignInError('This browser did not begin this sign-in.');
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new SignInError('This sign-in has expired.');
    if (error instanceof errors.JOSEError) throw new SignInError('This browser did not begin this sign-in.');
    throw error;
  }
}

/** Ends it: of two who come with the same nonce, one goes on. */
export async function closeSignIn(service: Service, app: string, nonce: string): Promise<void> {
  const expiresAt = service.now() + lifetimes.signIn;
  if (!(await finishedSignIns.insert(service, app, { id: nonce, value: {}, expiresAt })))
    throw new SignInError('This sign-in was finished before.');
}

/** The user whom the app's identity token names. */
export async function readIdentity(
  service: Service,
  { app, nonce }: { readonly app: string; readonly nonce: string },
  token: string,
): Promise<string> {
  const login = await findLogin(service, app);
  if (login === undefined) throw new SignInError('This app has no login page.');
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: login.keys.map(withType) }), {
      algorithms: ['RS256', 'ES256'],
      audience: audienceOf(app),
      requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
      maxTokenAge: lifetimes.identityToken / 1_000,
      clockTolerance: 30,
      currentDate: new Date(service.now()),
    });
    if (payload.nonce !== nonce) throw new SignInError('The identity token is for another sign-in.');
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > lifetimes.identityToken / 1_000)
      throw new SignInError('The identity token lives too long: ten minutes are allowed.');
    const user = userId(payload.sub ?? '', 'sub');
    // An app signs what its user is called. One who is called like another one's URI must not become that one.
    if (user !== payload.sub) throw new SignInError('sub of the identity token must be the plain user id.');
    return user;
  } catch (error) {
    if (error instanceof errors.JOSEError)
      throw new SignInError(`The identity token is refused: ${reasonOf(error)}`);
    if (error instanceof Refused) throw new SignInError(`The identity token is refused: ${error.message}`);
    throw error;
  }
}

function withType(key: LoginSettings['keys'][number]) {
  return { ...key, kty: key.kty ?? '' };
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its claim ${error.claim} is missing or wrong.`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed; use RS256 or ES256.';
  return 'it is not signed by a key of this app.';
}
