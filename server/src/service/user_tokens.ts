/**
 * User tokens: signed JWTs (RFC 7519, HS256) with the app as audience and the user as subject. They are verified
 * without the store. They cannot be revoked, so they are short-lived.
 */
import { limits } from '@badged/core';
import { errors, jwtVerify, SignJWT } from 'jose';
import { plainUserId } from './ids.js';
import { refuseInvalid } from './refused.js';
import { VerifiedTexts } from './verified_texts.js';

const issuer = 'badged';
const algorithm = 'HS256';

export interface UserIdentity {
  readonly app: string;
  readonly user: string;
}

export interface IssuedUserToken {
  readonly text: string;
  readonly expiresInSeconds: number;
}

type VerifiedIdentity = UserIdentity & { readonly expiresAt: number };

export interface UserTokens {
  issue(identity: UserIdentity, lifeSeconds?: number): Promise<IssuedUserToken>;
  /** Undefined if the text is not a token, expired, or signed with another key. */
  verify(text: string): Promise<VerifiedIdentity | undefined>;
  /** Why a text that was refused is not valid. Undefined if it has not the form of a user token. */
  problem(text: string): Promise<'expired_user_token' | 'invalid_user_token' | undefined>;
}

export function userTokens(key: Uint8Array, now: () => number): UserTokens {
  const verified = new VerifiedTexts<VerifiedIdentity>();
  const options = () => ({
    issuer,
    algorithms: [algorithm],
    requiredClaims: ['exp'],
    currentDate: new Date(now()),
  });
  return {
    async issue({ app, user }, lifeSeconds = limits.userTokenSeconds) {
      if (lifeSeconds < 1 || lifeSeconds > limits.userTokenMaxSeconds) {
        refuseInvalid('expires_in', `expires_in must be from 1 to ${limits.userTokenMaxSeconds} seconds.`);
      }
      const issuedAt = Math.floor(now() / 1000);
      const text = await new SignJWT()
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(issuer)
        .setAudience(app)
        .setSubject(plainUserId(user, 'user_id'))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifeSeconds)
        .sign(key);
      return { text, expiresInSeconds: lifeSeconds };
    },

    async verify(text) {
      const known = verified.get(text);
      // The signature is good forever; the token is not.
      if (known !== undefined) return Math.floor(now() / 1_000) * 1_000 < known.expiresAt ? known : undefined;
      try {
        const { payload } = await jwtVerify(text, key, options());
        const { aud, sub, exp = 0 } = payload;
        if (typeof aud !== 'string' || sub === undefined) return undefined;
        const identity = { app: aud, user: sub, expiresAt: exp * 1_000 };
        verified.set(text, identity);
        return identity;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },

    async problem(text) {
      if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined;
      const error: unknown = await jwtVerify(text, key, options()).catch((thrown: unknown) => thrown);
      return error instanceof errors.JWTExpired ? 'expired_user_token' : 'invalid_user_token';
    },
  };
}
