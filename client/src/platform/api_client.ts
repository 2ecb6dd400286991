// ApiClient: where the service is, who is signed in, and the calls made on their behalf. `ApiClient.instance` is the
// one that the APIs use unless they are given another; a Node program with several users makes one for each.

import { ApiError } from './api_error.js';
import type { AuthData } from './auth_data.js';
import { type Environment, environmentOf, environmentOfGateway, type Gateway } from './environment.js';
import { type ExtendedResponse, exchange, succeeded } from './exchange.js';
import { computeCodeChallenge, generateCodeVerifier } from './pkce.js';
import { type LoginOptions, leaveForLogin, requireBrowser, takeReply } from './redirect_login.js';
import { type Parameters, type RestCall, restRequest } from './rest_request.js';
import { Session } from './session.js';
import { basicAuthorization, requestToken } from './token_endpoint.js';
import { SingleFlight } from './token_refresh.js';

const OAUTH = 'PureCloud OAuth';
const TOKEN_TEST: RestCall = { path: '/api/v2/tokens/me', method: 'GET' };

export class ApiClient {
  static instance = new ApiClient();

  /** How long a call may take, in milliseconds. 0: as long as it likes. */
  timeout = 16_000;
  /** Sent with every call of the REST API. */
  defaultHeaders: Readonly<Record<string, string>> = {};
  #environment: Environment | undefined;
  #gateway: Environment | undefined;
  #returnExtended = false;
  readonly #session = new Session();
  readonly #login = new SingleFlight<AuthData>();

  /** A bare name, as `example.com`, or the service's origin, as `https://badges.example.com`. */
  setEnvironment(environment: string): void {
    this.#environment = environmentOf(environment);
  }

  /** Takes precedence over the environment. Without an argument: no gateway any more. */
  setGateway(gateway?: Gateway): void {
    this.#gateway = gateway?.host ? environmentOfGateway(gateway) : undefined;
  }

  setAccessToken(token: string): void {
    this.setAuthData({ accessToken: token });
  }

  clearAccessToken(): void {
    this.clearAuthData();
  }

  get authData(): Partial<AuthData> {
    return this.#session.data;
  }

  setAuthData(authData: Partial<AuthData>): void {
    this.#session.data = authData;
  }

  clearAuthData(): void {
    this.setAuthData({});
  }

  /** `true` keeps the login in the browser's localStorage, under the prefix. Elsewhere, it lasts as long as the program. */
  setPersistSettings(doPersist: boolean, prefix?: string): void {
    this.#session.storage.configure(doPersist, prefix);
  }

  /** `true`: calls resolve and reject with an ExtendedResponse instead of the body and the ApiError. */
  setReturnExtendedResponses(returnExtended: boolean): void {
    this.#returnExtended = returnExtended;
  }

  /** Signs a program in, not a user of a page: only where a secret can be kept. */
  async loginClientCredentialsGrant(clientId: string, clientSecret: string): Promise<AuthData> {
    if (typeof window !== 'undefined') {
      throw new Error('The client credentials grant is not supported in a browser.');
    }
    this.#session.clientId = clientId;
    const headers = { Authorization: basicAuthorization(clientId, clientSecret) };
    return this.#session.grant(
      await requestToken(this.#at.login, { grant_type: 'client_credentials' }, this.timeout, headers),
    );
  }

  /** Redirects to the login page unless there is a working token already, or one in the address on return. */
  async loginImplicitGrant(
    clientId: string,
    redirectUri: string,
    opts: LoginOptions = {},
  ): Promise<AuthData> {
    requireBrowser('loginImplicitGrant');
    this.#session.clientId = clientId;
    return this.#login.run(async () => {
      const reply = takeReply('token', this.#session.storage.prefix);
      if (reply === undefined) {
        if (await this.#stillSignedIn()) return this.#session.signedIn(opts.state);
        const query = { client_id: clientId, redirect_uri: redirectUri };
        return leaveForLogin(this.#authorizeUrl, 'token', query, opts, this.#session.storage.prefix);
      }
      this.#session.grant({
        accessToken: reply.parameters.get('access_token') ?? '',
        expiresIn: Number(reply.parameters.get('expires_in')) || undefined,
      });
      await this.#testToken();
      return this.#session.signedIn(reply.state);
    });
  }

  /** As the implicit grant, with a code and a proof of possession instead of a token in the address (RFC 7636). */
  async loginPKCEGrant(
    clientId: string,
    redirectUri: string,
    opts: LoginOptions = {},
    codeVerifier?: string,
  ): Promise<AuthData> {
    requireBrowser('loginPKCEGrant');
    this.#session.clientId = clientId;
    return this.#login.run(async () => {
      const reply = takeReply('code', this.#session.storage.prefix);
      if (reply === undefined) {
        if (await this.#stillSignedIn()) return this.#session.signedIn(opts.state);
        const verifier = codeVerifier ?? generateCodeVerifier(128);
        const query = {
          client_id: clientId,
          redirect_uri: redirectUri,
          code_challenge: await computeCodeChallenge(verifier),
          code_challenge_method: 'S256',
        };
        return leaveForLogin(this.#authorizeUrl, 'code', query, opts, this.#session.storage.prefix, verifier);
      }
      const code = reply.parameters.get('code') ?? '';
      await this.authorizePKCEGrant(clientId, reply.codeVerifier ?? codeVerifier ?? '', code, redirectUri);
      await this.#testToken();
      return this.#session.signedIn(reply.state);
    });
  }

  /** The second half of the PKCE grant, for programs that receive the code by themselves. */
  async authorizePKCEGrant(
    clientId: string,
    codeVerifier: string,
    authCode: string,
    redirectUri: string,
  ): Promise<AuthData> {
    this.#session.clientId = clientId;
    const form = {
      grant_type: 'authorization_code',
      code: authCode,
      code_verifier: codeVerifier,
      client_id: clientId,
      redirect_uri: redirectUri,
    };
    return this.#session.grant(await requestToken(this.#at.login, form, this.timeout));
  }

  generatePKCECodeVerifier(nChar: number): string {
    return generateCodeVerifier(nChar);
  }

  computePKCECodeChallenge(code: string): Promise<string> {
    return computeCodeChallenge(code);
  }

  /** Calls do this by themselves when they find their token expired; a program need not. */
  async refreshPKCEGrant(): Promise<AuthData> {
    const { accessToken } = this.#session.data;
    if (!(await this.#session.refresh(accessToken, this.#at.login, this.timeout))) {
      throw new Error('The refresh token is not good any more: log in again');
    }
    return this.#session.signedIn();
  }

  /** Forgets the token and, in a browser, leaves for the service's logout, which ends the session there. */
  logout(logoutRedirectUri?: string): void {
    this.clearAuthData();
    if (typeof window === 'undefined') return;
    const { clientId } = this.#session;
    const query = new URLSearchParams(clientId === undefined ? {} : { client_id: clientId });
    if (logoutRedirectUri) query.set('redirect_uri', logoutRedirectUri);
    window.location.replace(`${this.#at.login}/logout?${query}`);
  }

  /**
   * Any call of the REST API. Placeholders of the path, as `{jabberId}`, are filled from `pathParams`. The type of the
   * result is the caller's claim about the service, which nothing here checks.
   */
  async callApi<Result = unknown>(
    path: string,
    httpMethod: string,
    pathParams?: Parameters,
    queryParams?: Parameters,
    headerParams?: Parameters,
    formParams?: Parameters,
    bodyParam?: unknown,
    authNames: readonly string[] = [OAUTH],
    contentTypes: readonly string[] = [],
    accepts: readonly string[] = [],
    customHeaders?: Parameters,
  ): Promise<Result> {
    const notOurs = authNames.find((name) => name !== OAUTH);
    if (notOurs !== undefined) throw new Error(`Unknown authentication type: ${notOurs}`);
    const headers = [this.defaultHeaders, headerParams, customHeaders];
    const call: RestCall = {
      path,
      method: httpMethod,
      pathParams,
      queryParams,
      headers,
      formParams,
      body: bodyParam,
      contentTypes,
      accepts,
    };
    return this.#outcome<Result>(await this.#send(call, authNames.length > 0));
  }

  /** `callApi` with names for its arguments; what the APIs are written with. */
  request<Result>(
    method: string,
    path: string,
    parts: {
      path?: Parameters;
      query?: Parameters;
      body?: unknown;
      customHeaders?: Parameters;
    } = {},
  ): Promise<Result> {
    const { customHeaders } = parts;
    return this.callApi(
      path,
      method,
      parts.path,
      parts.query,
      null,
      null,
      parts.body,
      [OAUTH],
      [],
      [],
      customHeaders,
    );
  }

  get #at(): Environment {
    const at = this.#gateway ?? this.#environment;
    if (at === undefined)
      throw new Error('Where is the service? Call ApiClient.instance.setEnvironment first');
    return at;
  }

  get #authorizeUrl(): string {
    return `${this.#at.login}/oauth/authorize`;
  }

  async #send(call: RestCall, authorized: boolean): Promise<ExtendedResponse<unknown>> {
    const token = authorized ? this.#session.data.accessToken : undefined;
    const answer = await this.#sendWith(token, call);
    if (answer.status !== 401 || token === undefined || !this.#session.canRefresh) return answer;
    if (!(await this.#session.refresh(token, this.#at.login, this.timeout))) return answer;
    return this.#sendWith(this.#session.data.accessToken, call);
  }

  #sendWith(token: string | undefined, call: RestCall): Promise<ExtendedResponse<unknown>> {
    const authorization = token ? { Authorization: `Bearer ${token}` } : {};
    const request = restRequest(this.#at.api, { ...call, headers: [authorization, ...(call.headers ?? [])] });
    return exchange(request, this.timeout);
  }

  #outcome<Result>(answer: ExtendedResponse<unknown>): Result {
    if (!succeeded(answer)) {
      const error = ApiError.ofAnswer(answer);
      throw this.#returnExtended ? { ...answer, error } : error;
    }
    // The one place where the service is taken at its word about the shape of its answers.
    return (this.#returnExtended ? answer : answer.body) as Result;
  }

  async #testToken(): Promise<void> {
    const answer = await this.#send(TOKEN_TEST, true);
    if (answer.status === 401 || answer.status === 403) this.clearAuthData();
    if (!succeeded(answer)) throw ApiError.ofAnswer(answer);
  }

  /** False: there is no token, or the service refuses it. A service that is down says nothing about the token. */
  async #stillSignedIn(): Promise<boolean> {
    this.#session.loadPersisted();
    if (!this.#session.data.accessToken) return false;
    try {
      await this.#testToken();
      return true;
    } catch (error) {
      if (this.#session.data.accessToken) throw error;
      return false;
    }
  }
}
