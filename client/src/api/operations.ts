/**
 * A method for each operation of the API, with the types of its input and output, and what a request for it is made of.
 * Generated from the server's OpenAPI document (`npm run generate --workspace client`). Do not edit it.
 */
import type { Input, ListInput } from './input.js';
import type { CallOptions, Operation } from './request.js';
import type {
  Announcement,
  ApnsCredentials,
  App,
  AppSetup,
  AppToken,
  Badge,
  Badges,
  BatchResult,
  BlockedUser,
  Conversation,
  DashboardSession,
  Device,
  ExplainedBadge,
  FcmCredentials,
  Login,
  Message,
  NewApp,
  NewAppToken,
  NewOAuthClient,
  OAuthClient,
  Overview,
  ParticipantId,
  SentNotification,
  TestedPush,
  UserConversation,
  UserToken,
  WebPushCredentials,
} from './schema.js';

export type {
  Announcement,
  ApnsCredentials,
  App,
  AppSetup,
  AppToken,
  Badge,
  BadgeCounts,
  BadgeItem,
  BadgeMode,
  Badges,
  BatchOperation,
  BatchResult,
  BlockedUser,
  ChangeBlocksOperation,
  ChangeConversationOperation,
  Conversation,
  ConversationLink,
  CreateAnnouncementOperation,
  CreateAnnouncementReceiptOperation,
  CreateBlockOperation,
  CreateConversationOperation,
  CreateMessageReceiptOperation,
  CreateNotificationOperation,
  DashboardSession,
  DeleteBlockOperation,
  DeleteConversationOperation,
  DeleteExternalCountOperation,
  DeleteMessageOperation,
  Device,
  Error as ErrorBody,
  ExplainedBadge,
  ExplainedConversation,
  FcmCredentials,
  LastMessage,
  Login,
  MarkAllReadOperation,
  MarkUnreadOperation,
  Message,
  NewApp,
  NewAppToken,
  NewOAuthClient,
  NewSender,
  NotificationContent,
  NotificationLevel,
  NotificationRecipient,
  NotificationSettings,
  NotificationTexts,
  OAuthClient,
  Overview,
  OverviewSample,
  OverviewServer,
  Part,
  ParticipantId,
  PatchOperation,
  PausedPushes,
  PushHealth,
  PushRates,
  PushSubscriptionJson,
  ReadBadgesOperation,
  RegisterPushTokenOperation,
  Sender,
  SendMessageOperation,
  SentNotification,
  SetBadgeOperation,
  SetBadgesOperation,
  SetExternalCountOperation,
  SetNotificationsOperation,
  TestedPush,
  UnreadConversation,
  UnregisterPushTokenOperation,
  UserConversation,
  UserToken,
  WebPushCredentials,
} from './schema.js';

export type GetBadgeInput = Input<'get_badge'>;
export type SetBadgeInput = Input<'set_badge'>;
export type PostBadgeInput = Input<'post_badge'>;
export type PatchBadgeInput = ListInput<'patch_badge', 'operations'>;
export type ExplainBadgeInput = Input<'explain_badge'>;
export type SetExternalCountInput = Input<'set_external_count'>;
export type DeleteExternalCountInput = Input<'delete_external_count'>;
export type SetBadgesInput = Input<'set_badges'>;
export type ReadBadgesInput = Input<'read_badges'>;
export type CreateConversationInput = Input<'create_conversation'>;
export type GetConversationInput = Input<'get_conversation'>;
export type ChangeConversationInput = ListInput<'change_conversation', 'operations'>;
export type DeleteConversationInput = Input<'delete_conversation'>;
export type ListParticipantsInput = Input<'list_participants'>;
export type ListUserConversationsInput = Input<'list_user_conversations'>;
export type GetUserConversationInput = Input<'get_user_conversation'>;
export type DeleteUserConversationInput = Input<'delete_user_conversation'>;
export type ListUserConversationParticipantsInput = Input<'list_user_conversation_participants'>;
export type MarkAllReadInput = Input<'mark_all_read'>;
export type MarkUnreadInput = Input<'mark_unread'>;
export type SetNotificationsInput = Input<'set_notifications'>;
export type SendMessageInput = Input<'send_message'>;
export type ListMessagesInput = Input<'list_messages'>;
export type GetMessageInput = Input<'get_message'>;
export type DeleteMessageInput = Input<'delete_message'>;
export type SendUserMessageInput = Input<'send_user_message'>;
export type ListUserMessagesInput = Input<'list_user_messages'>;
export type GetUserMessageInput = Input<'get_user_message'>;
export type DeleteUserMessageInput = Input<'delete_user_message'>;
export type GetUserConversationMessageInput = Input<'get_user_conversation_message'>;
export type CreateMessageReceiptInput = Input<'create_message_receipt'>;
export type CreateOwnMessageReceiptInput = Input<'create_own_message_receipt'>;
export type CreateAnnouncementReceiptInput = Input<'create_announcement_receipt'>;
export type CreateOwnAnnouncementReceiptInput = Input<'create_own_announcement_receipt'>;
export type CreateAnnouncementInput = Input<'create_announcement'>;
export type CreateNotificationInput = Input<'create_notification'>;
export type RegisterPushTokenInput = Input<'register_push_token'>;
export type ListPushTokensInput = Input<'list_push_tokens'>;
export type RegisterOwnPushTokenInput = Input<'register_own_push_token'>;
export type UnregisterPushTokenInput = Input<'unregister_push_token'>;
export type UnregisterOwnPushTokenInput = Input<'unregister_own_push_token'>;
export type CreateBlockInput = Input<'create_block'>;
export type ListBlocksInput = Input<'list_blocks'>;
export type DeleteBlockInput = Input<'delete_block'>;
export type ChangeBlocksInput = ListInput<'change_blocks', 'operations'>;
export type CreateUserTokenInput = Input<'create_user_token'>;
export type CreateAppInput = Input<'create_app'>;
export type GetAppInput = Input<'get_app'>;
export type ChangeAppInput = Input<'change_app'>;
export type DeleteAppInput = Input<'delete_app'>;
export type GetAppSetupInput = Input<'get_app_setup'>;
export type CreateTokenInput = Input<'create_token'>;
export type ListTokensInput = Input<'list_tokens'>;
export type RevokeTokenInput = Input<'revoke_token'>;
export type SetApnsCredentialsInput = Input<'set_apns_credentials'>;
export type GetApnsCredentialsInput = Input<'get_apns_credentials'>;
export type DeleteApnsCredentialsInput = Input<'delete_apns_credentials'>;
export type TestApnsInput = Input<'test_apns'>;
export type SetFcmCredentialsInput = Input<'set_fcm_credentials'>;
export type GetFcmCredentialsInput = Input<'get_fcm_credentials'>;
export type DeleteFcmCredentialsInput = Input<'delete_fcm_credentials'>;
export type TestFcmInput = Input<'test_fcm'>;
export type SetWebpushCredentialsInput = Input<'set_webpush_credentials'>;
export type GetWebpushCredentialsInput = Input<'get_webpush_credentials'>;
export type DeleteWebpushCredentialsInput = Input<'delete_webpush_credentials'>;
export type TestWebpushInput = Input<'test_webpush'>;
export type CreateOauthClientInput = Input<'create_oauth_client'>;
export type ListOauthClientsInput = Input<'list_oauth_clients'>;
export type GetOauthClientInput = Input<'get_oauth_client'>;
export type ChangeOauthClientInput = Input<'change_oauth_client'>;
export type DeleteOauthClientInput = Input<'delete_oauth_client'>;
export type SetLoginInput = Input<'set_login'>;
export type GetLoginInput = Input<'get_login'>;
export type DeleteLoginInput = Input<'delete_login'>;
export type SignInInput = Input<'sign_in'>;
export type CreateEventsInput = ListInput<'create_events', 'operations'>;

/** Path parameters, query and body are one object. A method returns the body of the response. */
export interface Api {
  /** Read a user's badge; with Accept: text/event-stream, read it now and after each change, as Server-Sent Events. */
  getBadge(input: GetBadgeInput, options?: CallOptions): Promise<Badge>;
  /** Set a user's external count. */
  setBadge(input: SetBadgeInput, options?: CallOptions): Promise<void>;
  /** Set a user's external count. Same as PUT. */
  postBadge(input: PostBadgeInput, options?: CallOptions): Promise<void>;
  /** Set a user's external count, as a list with one operation. Same as PUT. */
  patchBadge(input: PatchBadgeInput, options?: CallOptions): Promise<void>;
  /** Explain a user's badge: list the items that it is the sum of. */
  explainBadge(input: ExplainBadgeInput, options?: CallOptions): Promise<ExplainedBadge>;
  /** Set a named external count. */
  setExternalCount(input: SetExternalCountInput, options?: CallOptions): Promise<void>;
  /** Remove a named external count. */
  deleteExternalCount(input: DeleteExternalCountInput, options?: CallOptions): Promise<void>;
  /** Set the external counts of up to 1000 users. */
  setBadges(input: SetBadgesInput, options?: CallOptions): Promise<Badges | undefined>;
  /** Read the badges of up to 1000 users. */
  readBadges(input: ReadBadgesInput, options?: CallOptions): Promise<Badges>;
  /** Create a conversation, or return the existing distinct conversation of these participants. */
  createConversation(input: CreateConversationInput, options?: CallOptions): Promise<Conversation>;
  /** Read a conversation. */
  getConversation(input: GetConversationInput, options?: CallOptions): Promise<Conversation>;
  /** Change the participants and the metadata of a conversation. */
  changeConversation(input: ChangeConversationInput, options?: CallOptions): Promise<void>;
  /** Delete a conversation for all participants. */
  deleteConversation(input: DeleteConversationInput, options?: CallOptions): Promise<void>;
  /** List the participants of a conversation. Layer-Count is their number on all pages. */
  listParticipants(input: ListParticipantsInput, options?: CallOptions): Promise<ParticipantId[]>;
  /** List a user's conversations, newest first. Layer-Count is their number on all pages. */
  listUserConversations(
    input: ListUserConversationsInput,
    options?: CallOptions,
  ): Promise<UserConversation[]>;
  /** Read a conversation with the unread counts and settings of one participant. */
  getUserConversation(input: GetUserConversationInput, options?: CallOptions): Promise<UserConversation>;
  /** Take the user out of a conversation (leave=true), mark everything in it as read for them (mode=my_devices), or delete it for all participants. */
  deleteUserConversation(input: DeleteUserConversationInput, options?: CallOptions): Promise<void>;
  /** List the participants of a conversation that the user takes part in. Layer-Count is their number on all pages. */
  listUserConversationParticipants(
    input: ListUserConversationParticipantsInput,
    options?: CallOptions,
  ): Promise<ParticipantId[]>;
  /** Mark messages as read, up to a position or to the last message. */
  markAllRead(input: MarkAllReadInput, options?: CallOptions): Promise<void>;
  /** Mark all messages from a position on as unread. */
  markUnread(input: MarkUnreadInput, options?: CallOptions): Promise<void>;
  /** Set which messages of a conversation count in the badge and are pushed. */
  setNotifications(input: SetNotificationsInput, options?: CallOptions): Promise<void>;
  /** Send a message to a conversation. */
  sendMessage(input: SendMessageInput, options?: CallOptions): Promise<Message>;
  /** List the messages of a conversation, newest first. Layer-Count is their number on all pages. */
  listMessages(input: ListMessagesInput, options?: CallOptions): Promise<Message[]>;
  /** Read a message: who sent it when, and who has read it. Its content is not stored. */
  getMessage(input: GetMessageInput, options?: CallOptions): Promise<Message>;
  /** Delete a message for all participants. */
  deleteMessage(input: DeleteMessageInput, options?: CallOptions): Promise<void>;
  /** Send a message to a conversation as this user, a participant. */
  sendUserMessage(input: SendUserMessageInput, options?: CallOptions): Promise<Message>;
  /** List the messages of a conversation since the user joined, newest first. Layer-Count is their number on all pages. */
  listUserMessages(input: ListUserMessagesInput, options?: CallOptions): Promise<Message[]>;
  /** Read a message of a conversation that the user takes part in. */
  getUserMessage(input: GetUserMessageInput, options?: CallOptions): Promise<Message>;
  /** Delete a message for all participants; with mode=my_devices, mark it as read for this user. */
  deleteUserMessage(input: DeleteUserMessageInput, options?: CallOptions): Promise<void>;
  /** Read a message of this conversation, which the user takes part in. */
  getUserConversationMessage(input: GetUserConversationMessageInput, options?: CallOptions): Promise<Message>;
  /** Record that a user read or received a message. */
  createMessageReceipt(input: CreateMessageReceiptInput, options?: CallOptions): Promise<void>;
  /** Record that the user of the token read or received a message. */
  createOwnMessageReceipt(input: CreateOwnMessageReceiptInput, options?: CallOptions): Promise<void>;
  /** Record that a user read or received an announcement. */
  createAnnouncementReceipt(input: CreateAnnouncementReceiptInput, options?: CallOptions): Promise<void>;
  /** Record that the user of the token read or received an announcement. */
  createOwnAnnouncementReceipt(
    input: CreateOwnAnnouncementReceiptInput,
    options?: CallOptions,
  ): Promise<void>;
  /** Send an announcement to a list of users, or to everyone. */
  createAnnouncement(input: CreateAnnouncementInput, options?: CallOptions): Promise<Announcement>;
  /** Push a notification to a list of users, with their badges. */
  createNotification(input: CreateNotificationInput, options?: CallOptions): Promise<SentNotification>;
  /** Register a device. If another user had it, it moves to this user; with a user token, only if the push token is the same. */
  registerPushToken(input: RegisterPushTokenInput, options?: CallOptions): Promise<void>;
  /** List a user's devices, most recently used first, without their push tokens. */
  listPushTokens(input: ListPushTokensInput, options?: CallOptions): Promise<Device[]>;
  /** Register a device for the user of the token. */
  registerOwnPushToken(input: RegisterOwnPushTokenInput, options?: CallOptions): Promise<void>;
  /** List the devices of the user of the token. */
  listOwnPushTokens(input?: Record<string, never>, options?: CallOptions): Promise<Device[]>;
  /** Unregister a device. Its badge is cleared, and it gets no more pushes. */
  unregisterPushToken(input: UnregisterPushTokenInput, options?: CallOptions): Promise<void>;
  /** Unregister a device of the user of the token. */
  unregisterOwnPushToken(input: UnregisterOwnPushTokenInput, options?: CallOptions): Promise<void>;
  /** Block a user. */
  createBlock(input: CreateBlockInput, options?: CallOptions): Promise<void>;
  /** List the users that a user blocks. */
  listBlocks(input: ListBlocksInput, options?: CallOptions): Promise<BlockedUser[]>;
  /** Unblock a user. */
  deleteBlock(input: DeleteBlockInput, options?: CallOptions): Promise<void>;
  /** Change the list of users that a user blocks. */
  changeBlocks(input: ChangeBlocksInput, options?: CallOptions): Promise<void>;
  /** Create a token for a user, for use in a page or a phone. */
  createUserToken(input: CreateUserTokenInput, options?: CallOptions): Promise<UserToken>;
  /** Create an app and its first token. */
  createApp(input: CreateAppInput, options?: CallOptions): Promise<NewApp>;
  /** List the apps, oldest first. */
  listApps(input?: Record<string, never>, options?: CallOptions): Promise<App[]>;
  /** Read an app. */
  getApp(input: GetAppInput, options?: CallOptions): Promise<App>;
  /** Rename an app, or change what its badges count. */
  changeApp(input: ChangeAppInput, options?: CallOptions): Promise<App>;
  /** Delete an app and all of its data. */
  deleteApp(input: DeleteAppInput, options?: CallOptions): Promise<void>;
  /** Read whether an app has a login page, and the platforms that it has push credentials for. */
  getAppSetup(input: GetAppSetupInput, options?: CallOptions): Promise<AppSetup>;
  /** Add a token to an app. */
  createToken(input: CreateTokenInput, options?: CallOptions): Promise<NewAppToken>;
  /** List the tokens of an app, without their secrets. */
  listTokens(input: ListTokensInput, options?: CallOptions): Promise<AppToken[]>;
  /** Revoke a token. Requests with it are refused from then on. */
  revokeToken(input: RevokeTokenInput, options?: CallOptions): Promise<void>;
  /** Set an app's APNs key. Badges that are not up to date are pushed at once. */
  setApnsCredentials(input: SetApnsCredentialsInput, options?: CallOptions): Promise<ApnsCredentials>;
  /** Read an app's apns credentials, without secrets, and whether delivery is paused. */
  getApnsCredentials(input: GetApnsCredentialsInput, options?: CallOptions): Promise<ApnsCredentials>;
  /** Delete an app's apns credentials. Its pushes over apns are only logged from then on. */
  deleteApnsCredentials(input: DeleteApnsCredentialsInput, options?: CallOptions): Promise<void>;
  /** Send one push to one device over apns, and return the provider's result. */
  testApns(input: TestApnsInput, options?: CallOptions): Promise<TestedPush>;
  /** Set an app's FCM service account. The body is the unchanged file from Google. */
  setFcmCredentials(input: SetFcmCredentialsInput, options?: CallOptions): Promise<FcmCredentials>;
  /** Read an app's fcm credentials, without secrets, and whether delivery is paused. */
  getFcmCredentials(input: GetFcmCredentialsInput, options?: CallOptions): Promise<FcmCredentials>;
  /** Delete an app's fcm credentials. Its pushes over fcm are only logged from then on. */
  deleteFcmCredentials(input: DeleteFcmCredentialsInput, options?: CallOptions): Promise<void>;
  /** Send one push to one device over fcm, and return the provider's result. */
  testFcm(input: TestFcmInput, options?: CallOptions): Promise<TestedPush>;
  /** Set an app's VAPID identity. Without keys, its existing keys stay, or new ones are generated. */
  setWebpushCredentials(
    input: SetWebpushCredentialsInput,
    options?: CallOptions,
  ): Promise<WebPushCredentials>;
  /** Read an app's webpush credentials, without secrets, and whether delivery is paused. */
  getWebpushCredentials(
    input: GetWebpushCredentialsInput,
    options?: CallOptions,
  ): Promise<WebPushCredentials>;
  /** Delete an app's webpush credentials. Its pushes over webpush are only logged from then on. */
  deleteWebpushCredentials(input: DeleteWebpushCredentialsInput, options?: CallOptions): Promise<void>;
  /** Send one push to one device over webpush, and return the provider's result. */
  testWebpush(input: TestWebpushInput, options?: CallOptions): Promise<TestedPush>;
  /** Add an OAuth client to an app. */
  createOauthClient(input: CreateOauthClientInput, options?: CallOptions): Promise<NewOAuthClient>;
  /** List the OAuth clients of an app, oldest first. */
  listOauthClients(input: ListOauthClientsInput, options?: CallOptions): Promise<OAuthClient[]>;
  /** Read an OAuth client. */
  getOauthClient(input: GetOauthClientInput, options?: CallOptions): Promise<OAuthClient>;
  /** Change an OAuth client. */
  changeOauthClient(input: ChangeOauthClientInput, options?: CallOptions): Promise<OAuthClient>;
  /** Delete an OAuth client. Requests with its tokens are refused from then on. */
  deleteOauthClient(input: DeleteOauthClientInput, options?: CallOptions): Promise<void>;
  /** Set the app's login page and the keys that sign its identity tokens. */
  setLogin(input: SetLoginInput, options?: CallOptions): Promise<Login>;
  /** Read the app's login page and its keys. */
  getLogin(input: GetLoginInput, options?: CallOptions): Promise<Login>;
  /** Remove the login page. Users can no longer sign in to the app. */
  deleteLogin(input: DeleteLoginInput, options?: CallOptions): Promise<void>;
  /** Begin a session of the dashboard. A cookie identifies it. */
  signIn(input: SignInInput, options?: CallOptions): Promise<void>;
  /** Read whether this browser is signed in to the dashboard, and when its session expires. */
  getSession(input?: Record<string, never>, options?: CallOptions): Promise<DashboardSession>;
  /** End the session of the dashboard. */
  signOut(input?: Record<string, never>, options?: CallOptions): Promise<void>;
  /** Read the rates, latencies and push delivery of the last hour of this process. */
  getOverview(input?: Record<string, never>, options?: CallOptions): Promise<Overview>;
  /** Apply many operations in order. Each operation names an endpoint. */
  createEvents(input: CreateEventsInput, options?: CallOptions): Promise<BatchResult[]>;
}

export const operations: Readonly<Record<keyof Api, Operation>> = {
  getBadge: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/badge', query: ['conversations'] },
  setBadge: { method: 'PUT', path: '/apps/:app_uuid/users/:user_id/badge' },
  postBadge: { method: 'POST', path: '/apps/:app_uuid/users/:user_id/badge', idempotency: 'natural' },
  patchBadge: {
    method: 'PATCH',
    path: '/apps/:app_uuid/users/:user_id/badge',
    list: 'operations',
    idempotency: 'natural',
  },
  explainBadge: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/badge/explain' },
  setExternalCount: { method: 'PUT', path: '/apps/:app_uuid/users/:user_id/badge/external/:name' },
  deleteExternalCount: { method: 'DELETE', path: '/apps/:app_uuid/users/:user_id/badge/external/:name' },
  setBadges: { method: 'POST', path: '/apps/:app_uuid/users/badge', idempotency: 'natural' },
  readBadges: { method: 'POST', path: '/apps/:app_uuid/badges/read', idempotency: 'natural' },
  createConversation: { method: 'POST', path: '/apps/:app_uuid/conversations', idempotency: 'request_id' },
  getConversation: { method: 'GET', path: '/apps/:app_uuid/conversations/:conversation_id' },
  changeConversation: {
    method: 'PATCH',
    path: '/apps/:app_uuid/conversations/:conversation_id',
    list: 'operations',
    idempotency: 'natural',
  },
  deleteConversation: { method: 'DELETE', path: '/apps/:app_uuid/conversations/:conversation_id' },
  listParticipants: {
    method: 'GET',
    path: '/apps/:app_uuid/conversations/:conversation_id/participants',
    query: ['page_size', 'from_id'],
  },
  listUserConversations: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations',
    query: ['sort_by', 'unread', 'page_size', 'from_id'],
  },
  getUserConversation: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id',
  },
  deleteUserConversation: {
    method: 'DELETE',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id',
    query: ['mode', 'leave'],
  },
  listUserConversationParticipants: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/participants',
    query: ['page_size', 'from_id'],
  },
  markAllRead: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/mark_all_read',
    idempotency: 'natural',
  },
  markUnread: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/mark_unread',
    idempotency: 'natural',
  },
  setNotifications: {
    method: 'PUT',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/notifications',
  },
  sendMessage: {
    method: 'POST',
    path: '/apps/:app_uuid/conversations/:conversation_id/messages',
    idempotency: 'request_id',
  },
  listMessages: {
    method: 'GET',
    path: '/apps/:app_uuid/conversations/:conversation_id/messages',
    query: ['page_size', 'from_id'],
  },
  getMessage: { method: 'GET', path: '/apps/:app_uuid/conversations/:conversation_id/messages/:message_id' },
  deleteMessage: {
    method: 'DELETE',
    path: '/apps/:app_uuid/conversations/:conversation_id/messages/:message_id',
  },
  sendUserMessage: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/messages',
    idempotency: 'request_id',
  },
  listUserMessages: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/messages',
    query: ['page_size', 'from_id'],
  },
  getUserMessage: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/messages/:message_id' },
  deleteUserMessage: {
    method: 'DELETE',
    path: '/apps/:app_uuid/users/:user_id/messages/:message_id',
    query: ['mode'],
  },
  getUserConversationMessage: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/messages/:message_id',
  },
  createMessageReceipt: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/messages/:message_id/receipts',
    idempotency: 'natural',
  },
  createOwnMessageReceipt: { method: 'POST', path: '/messages/:message_id/receipts', idempotency: 'natural' },
  createAnnouncementReceipt: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/announcements/:announcement_id/receipts',
    idempotency: 'natural',
  },
  createOwnAnnouncementReceipt: {
    method: 'POST',
    path: '/announcements/:announcement_id/receipts',
    idempotency: 'natural',
  },
  createAnnouncement: { method: 'POST', path: '/apps/:app_uuid/announcements', idempotency: 'request_id' },
  createNotification: { method: 'POST', path: '/apps/:app_uuid/notifications', idempotency: 'request_id' },
  registerPushToken: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/push_tokens',
    idempotency: 'natural',
  },
  listPushTokens: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/push_tokens' },
  registerOwnPushToken: { method: 'POST', path: '/push_tokens', idempotency: 'natural' },
  listOwnPushTokens: { method: 'GET', path: '/push_tokens' },
  unregisterPushToken: { method: 'DELETE', path: '/apps/:app_uuid/users/:user_id/push_tokens/:device_id' },
  unregisterOwnPushToken: { method: 'DELETE', path: '/push_tokens/:device_id' },
  createBlock: { method: 'POST', path: '/apps/:app_uuid/users/:owner_id/blocks', idempotency: 'natural' },
  listBlocks: { method: 'GET', path: '/apps/:app_uuid/users/:owner_id/blocks' },
  deleteBlock: { method: 'DELETE', path: '/apps/:app_uuid/users/:owner_id/blocks/:user_id' },
  changeBlocks: {
    method: 'PATCH',
    path: '/apps/:app_uuid/users/:owner_id',
    list: 'operations',
    idempotency: 'natural',
  },
  createUserToken: { method: 'POST', path: '/apps/:app_uuid/users/:user_id/tokens', idempotency: 'natural' },
  createApp: { method: 'POST', path: '/admin/apps' },
  listApps: { method: 'GET', path: '/admin/apps' },
  getApp: { method: 'GET', path: '/admin/apps/:app_id' },
  changeApp: { method: 'PATCH', path: '/admin/apps/:app_id', idempotency: 'natural' },
  deleteApp: { method: 'DELETE', path: '/admin/apps/:app_id' },
  getAppSetup: { method: 'GET', path: '/admin/apps/:app_id/setup' },
  createToken: { method: 'POST', path: '/admin/apps/:app_id/tokens' },
  listTokens: { method: 'GET', path: '/admin/apps/:app_id/tokens' },
  revokeToken: { method: 'DELETE', path: '/admin/apps/:app_id/tokens/:token_id' },
  setApnsCredentials: { method: 'PUT', path: '/admin/apps/:app_id/push/apns' },
  getApnsCredentials: { method: 'GET', path: '/admin/apps/:app_id/push/apns' },
  deleteApnsCredentials: { method: 'DELETE', path: '/admin/apps/:app_id/push/apns' },
  testApns: { method: 'POST', path: '/admin/apps/:app_id/push/apns/test' },
  setFcmCredentials: { method: 'PUT', path: '/admin/apps/:app_id/push/fcm' },
  getFcmCredentials: { method: 'GET', path: '/admin/apps/:app_id/push/fcm' },
  deleteFcmCredentials: { method: 'DELETE', path: '/admin/apps/:app_id/push/fcm' },
  testFcm: { method: 'POST', path: '/admin/apps/:app_id/push/fcm/test' },
  setWebpushCredentials: { method: 'PUT', path: '/admin/apps/:app_id/push/webpush' },
  getWebpushCredentials: { method: 'GET', path: '/admin/apps/:app_id/push/webpush' },
  deleteWebpushCredentials: { method: 'DELETE', path: '/admin/apps/:app_id/push/webpush' },
  testWebpush: { method: 'POST', path: '/admin/apps/:app_id/push/webpush/test' },
  createOauthClient: { method: 'POST', path: '/admin/apps/:app_id/oauth_clients' },
  listOauthClients: { method: 'GET', path: '/admin/apps/:app_id/oauth_clients' },
  getOauthClient: { method: 'GET', path: '/admin/apps/:app_id/oauth_clients/:client_id' },
  changeOauthClient: {
    method: 'PATCH',
    path: '/admin/apps/:app_id/oauth_clients/:client_id',
    idempotency: 'natural',
  },
  deleteOauthClient: { method: 'DELETE', path: '/admin/apps/:app_id/oauth_clients/:client_id' },
  setLogin: { method: 'PUT', path: '/admin/apps/:app_id/login' },
  getLogin: { method: 'GET', path: '/admin/apps/:app_id/login' },
  deleteLogin: { method: 'DELETE', path: '/admin/apps/:app_id/login' },
  signIn: { method: 'POST', path: '/admin/session' },
  getSession: { method: 'GET', path: '/admin/session' },
  signOut: { method: 'DELETE', path: '/admin/session' },
  getOverview: { method: 'GET', path: '/admin/overview' },
  createEvents: {
    method: 'POST',
    path: '/apps/:app_uuid/events',
    list: 'operations',
    idempotency: 'per_operation',
  },
};
