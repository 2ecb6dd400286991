// The double's tokens: access tokens with their refresh tokens in families, one family for each login. A refresh token
// that is used a second time takes its whole family with it (RFC 9700, section 4.14.2).

import { randomBytes } from 'node:crypto';

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

interface Family {
  readonly clientId: string;
  revoked: boolean;
}

export class TokenRegistry {
  readonly #access = new Map<string, Family>();
  readonly #refresh = new Map<string, { readonly family: Family; used: boolean }>();

  issue(clientId: string, refreshable: boolean): IssuedTokens {
    return this.#issueIn({ clientId, revoked: false }, refreshable);
  }

  clientOf(accessToken: string): string | undefined {
    const family = this.#access.get(accessToken);
    return family === undefined || family.revoked ? undefined : family.clientId;
  }

  forget(accessToken: string): void {
    this.#access.delete(accessToken);
  }

  /** Undefined: not good, whether it never was, was used before, or belongs to another client. */
  rotate(refreshToken: string, clientId: string): IssuedTokens | undefined {
    const found = this.#refresh.get(refreshToken);
    if (found === undefined || found.family.clientId !== clientId || found.family.revoked) return undefined;
    if (found.used) {
      found.family.revoked = true;
      return undefined;
    }
    found.used = true;
    return this.#issueIn(found.family, true);
  }

  #issueIn(family: Family, refreshable: boolean): IssuedTokens {
    const accessToken = secret();
    const refreshToken = refreshable ? secret() : undefined;
    this.#access.set(accessToken, family);
    if (refreshToken !== undefined) this.#refresh.set(refreshToken, { family, used: false });
    return { accessToken, refreshToken };
  }
}

export function secret(): string {
  return randomBytes(24).toString('base64url');
}
