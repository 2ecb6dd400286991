/**
 * The platformClient: what a client application calls for the signed-in user. The classes have the names of the vendor's
 * SDK, as named exports and as properties of the default export, so that programs written for it run unchanged.
 */
import { ApiClient } from './api_client.js';
import { BadgesApi } from './badges_api.js';
import { NotificationsApi } from './notifications_api.js';
import { TokensApi } from './tokens_api.js';
import { UsersApi } from './users_api.js';

const platformClient = { ApiClient, BadgesApi, NotificationsApi, TokensApi, UsersApi };

export default platformClient;
export { ApiError, type ErrorBody } from './api_error.js';
export type { AuthData } from './auth_data.js';
export type { ChatBadge, ChatBadgeEntityListing, GetBadgesChatsOptions } from './badges_api.js';
export type { EntityListing } from './entity_listing.js';
export type { Environment, Gateway } from './environment.js';
export type { ExtendedResponse } from './exchange.js';
export type { Channel, ChannelTopic, TopicEntityListing } from './notifications_api.js';
export type { LoginOptions } from './redirect_login.js';
export type { CallOptions, Parameters } from './rest_request.js';
export type { TokenInfo } from './tokens_api.js';
export type { UserMe } from './users_api.js';
export { ApiClient, BadgesApi, NotificationsApi, TokensApi, UsersApi };
