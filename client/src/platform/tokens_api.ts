/** TokensApi: the access token that the requests are made with. */
import { ApiClient } from './api_client.js';
import type { CallOptions } from './rest_request.js';

export interface TokenInfo {
  readonly organization: { readonly id: string; readonly name: string };
  readonly homeOrganization: { readonly id: string; readonly name: string };
  readonly authorizedScope: readonly string[];
  readonly OAuthClient: { readonly id: string };
}

export class TokensApi {
  readonly apiClient: ApiClient;

  constructor(apiClient: ApiClient = ApiClient.instance) {
    this.apiClient = apiClient;
  }

  /** Fetch information about the current token. */
  async getTokensMe(opts: CallOptions = {}): Promise<TokenInfo> {
    return this.apiClient.request('GET', '/api/v2/tokens/me', { customHeaders: opts.customHeaders });
  }

  /** Delete the auth token used to make the request. */
  async deleteTokensMe(opts: CallOptions = {}): Promise<void> {
    return this.apiClient.request('DELETE', '/api/v2/tokens/me', { customHeaders: opts.customHeaders });
  }
}
