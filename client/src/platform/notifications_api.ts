/** NotificationsApi: channels, whose WebSocket (`connectUri`) sends changes, and the topics that they subscribe to. */
import { ApiClient } from './api_client.js';
import { type CallOptions, requireParameter } from './rest_request.js';

export interface Channel {
  readonly id: string;
  /** The URL of the WebSocket. */
  readonly connectUri: string;
  /** ISO 8601. */
  readonly expires: string;
}

export interface ChannelTopic {
  /** Such as `v2.users.{id}.badges.chats`. */
  readonly id: string;
}

export interface TopicEntityListing<Topic = ChannelTopic> {
  readonly entities: readonly Topic[];
}

type SubscriptionOptions = CallOptions & { readonly ignoreErrors?: boolean };

const CHANNELS = '/api/v2/notifications/channels';
const SUBSCRIPTIONS = `${CHANNELS}/{channelId}/subscriptions`;

export class NotificationsApi {
  readonly apiClient: ApiClient;

  constructor(apiClient: ApiClient = ApiClient.instance) {
    this.apiClient = apiClient;
  }

  /** Get available notification topics. */
  async getNotificationsAvailabletopics(
    opts: CallOptions & { readonly expand?: readonly string[]; readonly includePreview?: boolean } = {},
  ): Promise<TopicEntityListing<ChannelTopic & { readonly description?: string }>> {
    const { expand, includePreview, customHeaders } = opts;
    return this.apiClient.request('GET', '/api/v2/notifications/availabletopics', {
      query: { expand, includePreview },
      customHeaders,
    });
  }

  /** Create a new channel. A user's 21st channel with a client replaces the oldest. */
  async postNotificationsChannels(opts: CallOptions = {}): Promise<Channel> {
    return this.apiClient.request('POST', CHANNELS, { customHeaders: opts.customHeaders });
  }

  /** The list of existing channels. */
  async getNotificationsChannels(
    opts: CallOptions & { readonly includechannels?: string } = {},
  ): Promise<{ readonly entities: readonly Channel[] }> {
    const { includechannels, customHeaders } = opts;
    return this.apiClient.request('GET', CHANNELS, { query: { includechannels }, customHeaders });
  }

  /** The list of all subscriptions for this channel. */
  async getNotificationsChannelSubscriptions(
    channelId: string,
    opts: CallOptions = {},
  ): Promise<TopicEntityListing> {
    requireParameter(channelId, 'channelId', 'getNotificationsChannelSubscriptions');
    return this.apiClient.request('GET', SUBSCRIPTIONS, {
      path: { channelId },
      customHeaders: opts.customHeaders,
    });
  }

  /** Add a list of subscriptions to the existing list of subscriptions. */
  async postNotificationsChannelSubscriptions(
    channelId: string,
    body: readonly ChannelTopic[],
    opts: SubscriptionOptions = {},
  ): Promise<TopicEntityListing> {
    requireParameter(channelId, 'channelId', 'postNotificationsChannelSubscriptions');
    requireParameter(body, 'body', 'postNotificationsChannelSubscriptions');
    return this.#write('POST', channelId, body, opts);
  }

  /** Replace the current list of subscriptions with a new list. */
  async putNotificationsChannelSubscriptions(
    channelId: string,
    body: readonly ChannelTopic[],
    opts: SubscriptionOptions = {},
  ): Promise<TopicEntityListing> {
    requireParameter(channelId, 'channelId', 'putNotificationsChannelSubscriptions');
    requireParameter(body, 'body', 'putNotificationsChannelSubscriptions');
    return this.#write('PUT', channelId, body, opts);
  }

  /** Remove all subscriptions. */
  async deleteNotificationsChannelSubscriptions(channelId: string, opts: CallOptions = {}): Promise<void> {
    requireParameter(channelId, 'channelId', 'deleteNotificationsChannelSubscriptions');
    return this.apiClient.request('DELETE', SUBSCRIPTIONS, {
      path: { channelId },
      customHeaders: opts.customHeaders,
    });
  }

  #write(
    method: 'POST' | 'PUT',
    channelId: string,
    body: readonly ChannelTopic[],
    opts: SubscriptionOptions,
  ): Promise<TopicEntityListing> {
    const { ignoreErrors, customHeaders } = opts;
    return this.apiClient.request(method, SUBSCRIPTIONS, {
      path: { channelId },
      query: { ignoreErrors },
      body,
      customHeaders,
    });
  }
}
