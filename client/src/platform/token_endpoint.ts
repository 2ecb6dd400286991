/** OAuth's token endpoint (RFC 6749, section 3.2): a form goes in, a token comes out. */
import { ApiError } from './api_error.js';
import type { GrantedToken } from './auth_data.js';
import { exchange, succeeded } from './exchange.js';

export async function requestToken(
  login: string,
  form: Readonly<Record<string, string>>,
  timeout: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<GrantedToken> {
  const response = await exchange(
    {
      url: `${login}/oauth/token`,
      method: 'POST',
      headers: {
        ...headers,
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(form).toString(),
    },
    timeout,
  );
  if (!succeeded(response)) throw ApiError.ofResponse(response);
  const granted = grantedToken(response.body);
  if (granted === undefined) {
    throw new ApiError('The response of the token endpoint has no access token', response);
  }
  return granted;
}

/** Client id and secret without the form encoding of RFC 6749, 2.3.1, as the vendor's SDK sends them. */
export function basicAuthorization(clientId: string, clientSecret: string): string {
  const bytes = new TextEncoder().encode(`${clientId}:${clientSecret}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function grantedToken(body: unknown): GrantedToken | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { access_token, expires_in, refresh_token }: Record<string, unknown> = { ...body };
  if (typeof access_token !== 'string' || access_token === '') return undefined;
  return {
    accessToken: access_token,
    expiresIn: typeof expires_in === 'number' ? expires_in : undefined,
    refreshToken: typeof refresh_token === 'string' ? refresh_token : undefined,
  };
}
