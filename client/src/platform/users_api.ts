/** UsersApi: the user of the token. */
import { ApiClient } from './api_client.js';
import type { CallOptions } from './rest_request.js';

export interface UserMe {
  readonly id: string;
  readonly name: string;
  readonly chat: { readonly jabberId: string };
}

export class UsersApi {
  readonly apiClient: ApiClient;

  constructor(apiClient: ApiClient = ApiClient.instance) {
    this.apiClient = apiClient;
  }

  /** Get current user details. */
  async getUsersMe(opts: CallOptions & { readonly expand?: readonly string[] } = {}): Promise<UserMe> {
    const { expand, customHeaders } = opts;
    return this.apiClient.request('GET', '/api/v2/users/me', { query: { expand }, customHeaders });
  }
}
