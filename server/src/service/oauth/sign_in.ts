/**
 * Sends a user to the app's login page and back. The service signs the login request; the app signs the identity
 * token, which is valid once, for this request (nonce) and this browser (cookie). The state of a sign-in is in the
 * signed cookie, so an unknown visitor makes the service store nothing.
 */
import { createLocalJWKSet, errors, jwtVerify, SignJWT } from 'jose';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { plainUserId } from '../ids.js';
import { Refused } from '../refused.js';
import type { Service } from '../service.js';
import { lifetimes } from './lifetimes.js';
import { findLogin, type LoginSettings } from './login.js';
import { OAuthError } from './oauth_error.js';
import { collection } from './record_collection.js';

/** A checked authorization request that waits for the user to sign in. */
export const Authorization = Type.Object({
  client: Type.String(),
  redirectUri: Type.String(),
  responseType: Type.Union([Type.Literal('code'), Type.Literal('token')]),
  state: Type.Union([Type.String(), Type.Null()]),
  challenge: Type.String(),
  loginHint: Type.Union([Type.String(), Type.Null()]),
});
export type Authorization = Readonly<Static<typeof Authorization>>;

const SignInPayload = Type.Object({ app: Type.String(), nonce: Type.String(), authorization: Authorization });
const signInPayload = Compile(SignInPayload);
const finishedSignIns = collection('oauth_sign_in_finished', Type.Object({}));

const cookieType = 'sign-in+jwt';
/** Browsers store cookies of 4,096 bytes, with name and attributes (RFC 6265, section 6.1). */
const cookieBytes = 3_800;

/** The sign-in cannot continue, and the browser must not be redirected. */
export class SignInError extends Error {
  override name = 'SignInError';
}

export interface SignIn {
  readonly app: string;
  readonly nonce: string;
  /** The value of the sign-in cookie. */
  readonly cookie: string;
}

export async function startSignIn(
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
      'state is too long. Store it in the client, and send a short id for it.',
    );
  return { app, nonce, cookie };
}

/** The audience of the app's identity tokens. */
export function audienceOf(app: string): string {
  return `badged:${app}`;
}

/** The URL of the app's login page, with the signed login request. */
export async function loginUrl(
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

/** Checks that this browser started the sign-in. Does not finish it. */
export async function verifySignIn(
  service: Service,
  nonce: string,
  cookie: string | undefined,
): Promise<Readonly<Static<typeof SignInPayload>>> {
  if (cookie === undefined) throw new SignInError('This sign-in was not started in this browser.');
  try {
    const { payload } = await jwtVerify<unknown>(cookie, service.oauth.keys.signIns, {
      algorithms: ['HS256'],
      typ: cookieType,
      requiredClaims: ['exp'],
      currentDate: new Date(service.now()),
    });
    if (!signInPayload.Check(payload) || payload.nonce !== nonce)
      throw new SignInError('This sign-in was not started in this browser.');
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new SignInError('This sign-in has expired.');
    if (error instanceof errors.JOSEError)
      throw new SignInError('This sign-in was not started in this browser.');
    throw error;
  }
}

/** Makes sure that a sign-in finishes once: of two with the same nonce, one continues. */
export async function finishSignIn(service: Service, app: string, nonce: string): Promise<void> {
  const expiresAt = service.now() + lifetimes.signIn;
  if (!(await finishedSignIns.insert(service, app, { id: nonce, value: {}, expiresAt })))
    throw new SignInError('This sign-in is already finished.');
}

/** Returns the user id of the app's identity token. */
export async function verifyIdentityToken(
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
      throw new SignInError(
        'The lifetime of the identity token is too long: at most ten minutes are allowed.',
      );
    return plainUserId(payload.sub ?? '', 'sub');
  } catch (error) {
    if (error instanceof errors.JOSEError)
      throw new SignInError(`The identity token is not valid: ${reasonOf(error)}`);
    if (error instanceof Refused) throw new SignInError(`The identity token is not valid: ${error.message}`);
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
