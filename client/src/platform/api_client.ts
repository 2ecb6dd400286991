/**
 * ApiClient: where the service is, which user or program is signed in, and the calls made for them. The APIs use
 * `ApiClient.instance` unless they are given another one; a Node program with several users makes one for each.
 */
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

  /** How long a call may take, in milliseconds. 0: no limit. */
  timeout = 16_000;
  /** Sent with every call of the REST API. */
  defaultHeaders: Readonly<Record<string, string>> = {};
  #environment: Environment | undefined;
  #gateway: Environment | undefined;
  #returnExtended = false;
  readonly #session = new Session();
  readonly #login = new SingleFlight<AuthData>();

  /**
   * Sets where the service is. Must be called before any other call.
   *
   * @param environment a bare name, such as `example.com`, or the service's origin
   * @throws Error if it is neither, or uses plain http for another host than this machine
   * @example ApiClient.instance.setEnvironment('https://badges.example.com');
   */
  setEnvironment(environment: string): void {
    this.#environment = environmentOf(environment);
  }

  /** Takes precedence over the environment. Without an argument, the gateway is removed. */
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

  /** `true` stores the login in the browser's localStorage, under the prefix. Otherwise it is lost with the page. */
  setPersistSettings(doPersist: boolean, prefix?: string): void {
    this.#session.storage.configure(doPersist, prefix);
  }

  /** `true`: calls resolve and reject with an ExtendedResponse instead of the body and the ApiError. */
  setReturnExtendedResponses(returnExtended: boolean): void {
    this.#returnExtended = returnExtended;
  }

  /** Signs in a program, not a user of a page. Throws in a browser, where the secret would be public. */
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

  /** Redirects to the login page, unless there is a valid token already, or one in the page's URL on return. */
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
        if (await this.#isStillSignedIn()) return this.#session.signedIn(opts.state);
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

  /** As the implicit grant, with a code and a proof of possession instead of a token in the URL (RFC 7636). */
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
        if (await this.#isStillSignedIn()) return this.#session.signedIn(opts.state);
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

  /** The second half of the PKCE grant, for programs that receive the code themselves. */
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

  /** Refreshes the token. Calls do this themselves when their token has expired. */
  async refreshPKCEGrant(): Promise<AuthData> {
    const { accessToken } = this.#session.data;
    if (!(await this.#session.refresh(accessToken, this.#at.login, this.timeout))) {
      throw new Error('The refresh token is no longer valid: log in again');
    }
    return this.#session.signedIn();
  }

  /** Removes the token and, in a browser, redirects to the service's logout, which ends the session there. */
  logout(logoutRedirectUri?: string): void {
    this.clearAuthData();
    if (typeof window === 'undefined') return;
    const { clientId } = this.#session;
    const query = new URLSearchParams(clientId === undefined ? {} : { client_id: clientId });
    if (logoutRedirectUri) query.set('redirect_uri', logoutRedirectUri);
    window.location.replace(`${this.#at.login}/logout?${query}`);
  }

  /**
   * Any call of the REST API. Placeholders of the path, such as `{jabberId}`, are filled from `pathParams`. The result
   * is not checked: its type is what the caller says.
   *
   * @throws ApiError if the service responds with an error, or not at all
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

  /** `callApi` with named arguments, for the API classes. */
  request<Result>(
    method: string,
    path: string,
    args: {
      path?: Parameters;
      query?: Parameters;
      body?: unknown;
      customHeaders?: Parameters;
    } = {},
  ): Promise<Result> {
    const { customHeaders } = args;
    return this.callApi(
      path,
      method,
      args.path,
      args.query,
      null,
      null,
      args.body,
      [OAUTH],
      [],
      [],
      customHeaders,
    );
  }

  get #at(): Environment {
    const at = this.#gateway ?? this.#environment;
    if (at === undefined)
      throw new Error('No environment is set. Call ApiClient.instance.setEnvironment first');
    return at;
  }

  get #authorizeUrl(): string {
    return `${this.#at.login}/oauth/authorize`;
  }

  async #send(call: RestCall, authorized: boolean): Promise<ExtendedResponse<unknown>> {
    const token = authorized ? this.#session.data.accessToken : undefined;
    const response = await this.#sendWith(token, call);
    if (response.status !== 401 || token === undefined || !this.#session.canRefresh) return response;
    if (!(await this.#session.refresh(token, this.#at.login, this.timeout))) return response;
    return this.#sendWith(this.#session.data.accessToken, call);
  }

  #sendWith(token: string | undefined, call: RestCall): Promise<ExtendedResponse<unknown>> {
    const authorization = token ? { Authorization: `Bearer ${token}` } : {};
    const request = restRequest(this.#at.api, { ...call, headers: [authorization, ...(call.headers ?? [])] });
    return exchange(request, this.timeout);
  }

  #outcome<Result>(response: ExtendedResponse<unknown>): Result {
    if (!succeeded(response)) {
      const error = ApiError.ofResponse(response);
      throw this.#returnExtended ? { ...response, error } : error;
    }
    // The one place where the shape of a response is not checked: the caller names its type.
    return (this.#returnExtended ? response : response.body) as Result;
  }

  async #testToken(): Promise<void> {
    const response = await this.#send(TOKEN_TEST, true);
    if (response.status === 401 || response.status === 403) this.clearAuthData();
    if (!succeeded(response)) throw ApiError.ofResponse(response);
  }

  /** False: there is no token, or the service refuses it. If the service cannot be reached, this throws. */
  async #isStillSignedIn(): Promise<boolean> {
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
