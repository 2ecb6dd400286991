/** BadgesApi: the signed-in user's unread chats, by the entity that they came from. */
import { ApiClient } from './api_client.js';
import type { EntityListing } from './entity_listing.js';
import { type CallOptions, requireParameter } from './rest_request.js';

export interface ChatBadge {
  readonly entity: {
    readonly id: string;
    /** `person` where exactly two people talk, `group` for a room. */
    readonly type: string;
    readonly jid: string;
    readonly jabberId: string;
  };
  readonly unreadCount: number;
  /** ISO 8601. */
  readonly lastUnreadNotificationDate: string;
}

export type ChatBadgeEntityListing = EntityListing<ChatBadge>;

export interface GetBadgesChatsOptions extends CallOptions {
  /** 1 to 500; the service's default is 25. */
  readonly pageSize?: number;
  /** From 1, which is the default. */
  readonly pageNumber?: number;
}

export class BadgesApi {
  readonly apiClient: ApiClient;

  constructor(apiClient: ApiClient = ApiClient.instance) {
    this.apiClient = apiClient;
  }

  /** Get unread chat notification badges, the newest first. */
  async getBadgesChats(opts: GetBadgesChatsOptions = {}): Promise<ChatBadgeEntityListing> {
    const { pageSize, pageNumber, customHeaders } = opts;
    return this.apiClient.request('GET', '/api/v2/badges/chats', {
      query: { pageSize, pageNumber },
      customHeaders,
    });
  }

  /** Clear the unread chat notification badge count: everything from that entity is read. */
  async deleteBadgesChat(jabberId: string, opts: CallOptions = {}): Promise<void> {
    requireParameter(jabberId, 'jabberId', 'deleteBadgesChat');
    return this.apiClient.request('DELETE', '/api/v2/badges/chats/{jabberId}', {
      path: { jabberId },
      customHeaders: opts.customHeaders,
    });
  }
}
