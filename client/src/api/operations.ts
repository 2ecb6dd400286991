/**
 * Every operation of the API: its types, and what a request for it is made of. Generated from the server's schemas by
 * `npm run generate --workspace client`; not to be edited.
 */
import type { CallOptions, Operation } from './request.js';

/**
 * One of unread_messages, unread_conversations, external, disabled.
 */
export type BadgeMode = 'unread_messages' | 'unread_conversations' | 'external' | 'disabled';
/**
 * One of "all", "mentions" and "none".
 */
export type NotificationLevel = 'all' | 'mentions' | 'none';
/**
 * The newest message since the user joined; without parts, since content is not stored.
 */
export type LastMessage = {
  id: string;
  position: number;
  sender: Sender;
  /**
   * A time in UTC (ISO 8601).
   */
  sent_at: string;
  is_unread: boolean;
} | null;
export type ListBlocksAnswer = {
  user_id: string;
}[];

/**
 * Every error of the API.
 */
export interface ErrorBody {
  id:
    | 'service_unavailable'
    | 'invalid_app_id'
    | 'invalid_request_id'
    | 'authentication_required'
    | 'rate_limit_exceeded'
    | 'invalid_operation'
    | 'invalid_request'
    | 'internal_server_error'
    | 'access_denied'
    | 'not_found'
    | 'missing_property'
    | 'invalid_property'
    | 'invalid_endpoint'
    | 'invalid_header'
    | 'conflict'
    | 'method_not_allowed'
    | 'participant_blocked'
    | 'id_in_use';
  code: 1 | 2 | 3 | 4 | 7 | 9 | 10 | 100 | 101 | 102 | 104 | 105 | 106 | 107 | 108 | 109 | 110 | 111;
  /**
   * A sentence that says what is wrong and what to do.
   */
  message: string;
  /**
   * Where the error is described.
   */
  url: string;
  /**
   * The property or header that is wrong, or what exists already.
   */
  data: {
    [k: string]: unknown;
  };
}
export interface Part {
  /**
   * The content, as text.
   */
  body: string;
  /**
   * The media type of the content, such as text/plain.
   */
  mime_type: string;
  /**
   * The encoding of the content, such as base64.
   */
  encoding?: string;
}
/**
 * An object: what a push of this says. The badge is not in it, since the service owns that.
 */
export interface NotificationContent {
  /**
   * A string.
   */
  title?: string;
  /**
   * A string.
   */
  text?: string;
  /**
   * A string.
   */
  sound?: string;
  /**
   * A string.
   */
  category?: string;
  /**
   * A string.
   */
  'title-loc-key'?: string;
  /**
   * A list of strings.
   */
  'title-loc-args'?: string[];
  /**
   * A string.
   */
  'loc-key'?: string;
  /**
   * A list of strings.
   */
  'loc-args'?: string[];
  /**
   * An object.
   */
  apns?: {
    [k: string]: unknown;
  };
  /**
   * An object.
   */
  data?: {
    [k: string]: unknown;
  };
  /**
   * A list of {"user_id": "…"}, each with texts of its own.
   */
  recipients?: {
    /**
     * A user id.
     */
    user_id: string;
    /**
     * A string.
     */
    title?: string;
    /**
     * A string.
     */
    text?: string;
    /**
     * A string.
     */
    sound?: string;
  }[];
}
/**
 * One of the two is null.
 */
export interface Sender {
  user_id: string | null;
  name: string | null;
}
/**
 * An object: either {"user_id": "…"} or {"name": "…"}.
 */
export interface NewSender {
  /**
   * A string, or left out.
   */
  user_id?: string | null;
  /**
   * A string, or left out.
   */
  name?: string | null;
}
export interface PatchOperation {
  /**
   * One of "add", "remove", "set" and "delete".
   */
  operation: 'add' | 'remove' | 'set' | 'delete';
  /**
   * The property to change, such as "participants" or "metadata.title".
   */
  property: string;
  /**
   * What is added, removed or set.
   */
  value?: unknown;
}
/**
 * An object, needed with webpush: what pushManager.subscribe() gave, as JSON.
 */
export interface PushSubscriptionJson {
  /**
   * A URL of a push service.
   */
  endpoint: string;
  /**
   * An object: {"p256dh": "…", "auth": "…"}.
   */
  keys: {
    /**
     * A P-256 public key, base64url.
     */
    p256dh: string;
    /**
     * 16 bytes, base64url.
     */
    auth: string;
  };
}
export interface PushHealth {
  /**
   * Unless ok, pushes wait: the provider does not answer, or refuses these credentials.
   */
  state: 'ok' | 'unreachable' | 'misconfigured';
  /**
   * What the provider said.
   */
  reason: string | null;
  since: string | null;
  next_try_at: string | null;
}
export interface Badge {
  external_unread_count: number;
  unread_conversation_count: number;
  unread_message_count: number;
  unread_announcement_count: number;
  /**
   * The number that a push carries; null where badges are disabled.
   */
  badge: number | null;
  badge_mode: BadgeMode;
  /**
   * The unread ones, counted or muted, newest message first. Only where it was asked for.
   *
   * @maxItems 100
   */
  conversations?: UnreadConversation[];
  /**
   * Whether there are more than these: at most 100 are sent.
   */
  more_conversations?: boolean;
}
export interface UnreadConversation {
  id: string;
  unread_message_count: number;
  /**
   * How many of the unread messages count in the badge.
   */
  badge_count: number;
  /**
   * The position of the last message.
   */
  last_position: number;
  level: NotificationLevel;
  muted_until: string | null;
}
export interface ExplainedBadge {
  external_unread_count: number;
  unread_conversation_count: number;
  unread_message_count: number;
  unread_announcement_count: number;
  /**
   * The number that a push carries; null where badges are disabled.
   */
  badge: number | null;
  badge_mode: BadgeMode;
  include_announcements: boolean;
  /**
   * The sum, in words.
   */
  summary: string;
  items: BadgeItem[];
  /**
   * The external counts by name; the unnamed one has an empty name.
   */
  external: {
    [k: string]: number;
  };
  /**
   * The ids of the unread ones, oldest first.
   */
  announcements: string[];
  conversations: ExplainedConversation[];
}
export interface BadgeItem {
  kind: 'external' | 'announcements' | 'conversation';
  /**
   * The external count's name, or the conversation's id.
   */
  of: string;
  /**
   * What it adds to the badge. The items sum to it.
   */
  adds: number;
  because: string;
}
export interface ExplainedConversation {
  id: string;
  unread_message_count: number;
  /**
   * How many of the unread messages count in the badge.
   */
  badge_count: number;
  /**
   * The position of the last message.
   */
  last_position: number;
  level: NotificationLevel;
  muted_until: string | null;
  /**
   * The last position when the user joined.
   */
  joined_position: number;
  /**
   * Everything up to this position is read.
   */
  read_position: number;
  /**
   * Positions beyond that, which do not count either.
   */
  acknowledged: number[][];
  /**
   * Messages beyond that which count for nobody: deleted or silent.
   */
  uncounted: number;
}
export interface Badges {
  /**
   * By user id. Null for users whom nobody has named.
   */
  users: {
    [k: string]: {
      external_unread_count: number;
      unread_conversation_count: number;
      unread_message_count: number;
      unread_announcement_count: number;
      /**
       * The number that a push carries; null where badges are disabled.
       */
      badge: number | null;
      badge_mode: BadgeMode;
    } | null;
  };
}
export interface Conversation {
  id: string;
  url: string;
  /**
   * Where messages are sent to.
   */
  messages_url: string;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
  participants: string[];
  distinct: boolean;
  metadata: {
    [k: string]: unknown;
  };
}
export interface UserConversation {
  id: string;
  url: string;
  /**
   * Where messages are sent to.
   */
  messages_url: string;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
  participants: string[];
  distinct: boolean;
  metadata: {
    [k: string]: unknown;
  };
  unread_message_count: number;
  last_message: LastMessage;
  notifications: {
    level: NotificationLevel;
    /**
     * Null where it is not muted.
     */
    muted_until: string | null;
  };
}
export interface Message {
  id: string;
  url: string;
  /**
   * The message's place in its conversation, counted from 1 without gaps.
   */
  position: number;
  conversation: {
    id: string;
    url: string;
  };
  /**
   * The parts of the request; empty if it had none.
   */
  parts: Part[];
  /**
   * A time in UTC (ISO 8601).
   */
  sent_at: string;
  sender: Sender;
  /**
   * By user id. Left out in large conversations.
   */
  recipient_status?: {
    [k: string]: 'sent' | 'read';
  };
}
export interface Announcement {
  id: string;
  url: string;
  /**
   * A time in UTC (ISO 8601).
   */
  sent_at: string;
  /**
   * A list of user ids, or "everyone".
   */
  recipients: string[] | 'everyone';
  sender: Sender;
  /**
   * The parts of the request; empty if it had none.
   */
  parts: Part[];
}
export interface SentNotification {
  id: string;
  recipients: string[];
}
export interface Device {
  device_id: string;
  type: 'apns' | 'fcm' | 'webpush';
  apns_bundle_id?: string;
  /**
   * production (the default) or development.
   */
  apns_environment?: 'production' | 'development';
  /**
   * A time in UTC (ISO 8601).
   */
  registered_at: string;
  /**
   * The number that the device accepted last; null while that is not known.
   */
  badge: number | null;
  /**
   * When it last accepted a number.
   */
  badge_accepted_at: string | null;
}
export interface UserToken {
  /**
   * A signed JWT.
   */
  access_token: string;
  token_type: 'bearer';
  /**
   * Seconds from now.
   */
  expires_in: number;
}
export interface BatchAnswer {
  /**
   * The HTTP status of this operation.
   */
  status: number;
  /**
   * What the operation answered, or the error.
   */
  body?: unknown;
}
export interface App {
  id: string;
  name: string;
  badge_mode: BadgeMode;
  include_announcements: boolean;
  jabber_domain: string;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
}
export interface NewApp {
  id: string;
  name: string;
  badge_mode: BadgeMode;
  include_announcements: boolean;
  jabber_domain: string;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
  /**
   * The first token, shown this once.
   */
  token: string;
}
export interface AppSetup {
  /**
   * Whether it has a login page.
   */
  login: boolean;
  /**
   * The platforms for which it has credentials.
   */
  push: ('apns' | 'fcm' | 'webpush')[];
}
export interface AppToken {
  id: string;
  label: string;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
}
export interface NewAppToken {
  id: string;
  label: string;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
  /**
   * The token, shown this once.
   */
  token: string;
}
export interface OAuthClient {
  id: string;
  name: string;
  grant_types: string[];
  redirect_uris: string[];
  /**
   * The user for whom its client credentials stand; null for nobody.
   */
  user_id: string | null;
  confidential: boolean;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
}
export interface NewOAuthClient {
  id: string;
  name: string;
  grant_types: string[];
  redirect_uris: string[];
  /**
   * The user for whom its client credentials stand; null for nobody.
   */
  user_id: string | null;
  confidential: boolean;
  /**
   * A time in UTC (ISO 8601).
   */
  created_at: string;
  /**
   * The secret, shown this once; null for a client that can keep none.
   */
  secret: string | null;
}
export interface ApnsCredentials {
  key_id: string;
  team_id: string;
  /**
   * A time in UTC (ISO 8601).
   */
  updated_at: string;
  health: PushHealth;
}
export interface FcmCredentials {
  project_id: string;
  client_email: string;
  /**
   * A time in UTC (ISO 8601).
   */
  updated_at: string;
  health: PushHealth;
}
export interface WebPushCredentials {
  /**
   * What a page passes as applicationServerKey.
   */
  public_key: string;
  subject: string;
  navigate: string;
  /**
   * A time in UTC (ISO 8601).
   */
  updated_at: string;
  health: PushHealth;
}
export interface TestedPush {
  /**
   * gone: the device is not known any more. rejected: this push was refused. misconfigured: these credentials were.
   */
  verdict: 'delivered' | 'retry' | 'gone' | 'rejected' | 'misconfigured';
  /**
   * What the provider said, unless it took it.
   */
  reason: string | null;
  /**
   * The number the push carried; null where badges are disabled.
   */
  badge: number | null;
}
export interface Login {
  /**
   * Where users are sent to sign in.
   */
  url: string;
  /**
   * Public JWKs.
   */
  keys: {
    [k: string]: string;
  }[];
  /**
   * What identity tokens have to name as their audience.
   */
  audience: string;
}
export interface DashboardSession {
  /**
   * A time in UTC (ISO 8601).
   */
  expires_at: string;
  /**
   * Of the server.
   */
  version: string;
}
export interface Overview {
  /**
   * When this process started.
   */
  started_at: string;
  /**
   * How many apps there are.
   */
  apps: number;
  /**
   * Of how many apps and platforms the pushes wait now.
   */
  resting_push_transports: number;
  /**
   * Those of them that have waited longest, 10 at most.
   */
  resting: {
    /**
     * The UUID of the app.
     */
    app_id: string;
    app_name: string;
    platform: 'apns' | 'fcm' | 'webpush';
    /**
     * The provider does not answer, or refuses the credentials.
     */
    kind: 'unreachable' | 'misconfigured';
    /**
     * What the provider said.
     */
    reason: string;
    /**
     * A time in UTC (ISO 8601).
     */
    since: string;
  }[];
  /**
   * How far the samples are apart.
   */
  interval_seconds: number;
  /**
   * Oldest first, the last 360. Of this process alone and kept in memory only: a restart begins anew. What is to be kept, alerted on or added up over several processes is at /metrics.
   */
  samples: OverviewSample[];
}
export interface OverviewSample {
  /**
   * The end of the interval.
   */
  at: string;
  /**
   * Answered requests per second. Open streams are not among them.
   */
  requests_per_second: number;
  /**
   * Answers with a status of 400 to 499 per second.
   */
  refused_per_second: number;
  /**
   * Answers with a status of 500 and above per second.
   */
  errors_per_second: number;
  /**
   * Half of the answers took no longer than about this. In milliseconds, interpolated within the bucket of /metrics that it lies in (5000: that or longer); null where nothing was answered.
   */
  latency_p50_ms: number | null;
  /**
   * 99 in 100 answers took no longer than about this. In milliseconds, interpolated within the bucket of /metrics that it lies in (5000: that or longer); null where nothing was answered.
   */
  latency_p99_ms: number | null;
  /**
   * Alerts at the end of the interval that are not yet settled for all the devices they go to.
   */
  outbox_depth: number;
  /**
   * Live streams open at the end of the interval.
   */
  open_streams: number;
  /**
   * Pushes per second by what the provider made of them.
   */
  pushes_per_second: {
    /**
     * The provider took it.
     */
    delivered: number;
    /**
     * Only logged: the app has no credentials for the platform.
     */
    logged: number;
    /**
     * To be tried again: no answer, or the provider asked for it.
     */
    retry: number;
    /**
     * The device is not known any more.
     */
    gone: number;
    /**
     * This push was refused.
     */
    rejected: number;
    /**
     * Our credentials were refused.
     */
    misconfigured: number;
  };
}
export interface GetBadgeInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * true adds the unread list, of the same moment as the badge; otherwise false.
   */
  conversations?: boolean;
}
export interface SetBadgeInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A whole number from 0 to 2147483647.
   */
  external_unread_count: number;
}
export interface PostBadgeInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A whole number from 0 to 2147483647.
   */
  external_unread_count: number;
}
export interface ExplainBadgeInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
}
export interface SetExternalCountInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The name of an external count.
   */
  name: string;
  /**
   * A whole number from 0 to 2147483647.
   */
  count: number;
}
export interface DeleteExternalCountInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The name of an external count.
   */
  name: string;
}
export interface SetBadgesInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * An object of external counts by user id, such as {"a": 12, "b": 0}.
   */
  users?: {
    /**
     * A whole number from 0 to 2147483647.
     */
    [k: string]: number;
  };
  /**
   * A list of user ids.
   *
   * Items: A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_ids?: string[];
}
export interface CreateConversationInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * An id of your own choice, such as room-42: any text of 1 to 255 bytes. The same id again is the same conversation. Default: a new UUID.
   */
  id?: string;
  /**
   * A list of user ids.
   *
   * Items: A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  participants: string[];
  /**
   * true or false: whether there is at most one such conversation of these participants.
   */
  distinct?: boolean;
  /**
   * An object whose values are strings, or objects of such.
   */
  metadata?: {
    [k: string]: unknown;
  } | null;
}
export interface GetConversationInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
}
export interface ChangeConversationInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
  /**
   * A list of at most 1000 operations.
   *
   * @maxItems 1000
   */
  operations: PatchOperation[];
}
export interface DeleteConversationInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
}
export interface ListUserConversationsInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * created_at or last_message.
   */
  sort_by?: 'created_at' | 'last_message';
  /**
   * true lists only conversations with unread messages.
   */
  unread?: boolean;
  /**
   * A whole number from 1 to 100.
   */
  page_size?: number;
  /**
   * The id of the last conversation of the page before.
   */
  from_id?: string;
}
export interface GetUserConversationInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
}
export interface MarkAllReadInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
  /**
   * A message's place in its conversation: a whole number up to 4294967295.
   */
  position?: number;
}
export interface MarkUnreadInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
  /**
   * A message's place in its conversation: a whole number up to 4294967295.
   */
  position: number;
}
export interface SetNotificationsInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
  level: NotificationLevel;
  /**
   * An ISO 8601 time with a zone, or null.
   */
  muted_until?: string | null;
}
export interface SendMessageInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
  /**
   * A UUID of your own choice, or one as a URI: the same id again answers the same resource.
   */
  id?: string;
  sender?: NewSender;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  sender_id?: string;
  /**
   * A list of at least one part, {"body": "…", "mime_type": "…"}. It is echoed, and not stored.
   *
   * @minItems 1
   */
  parts?: Part[];
  notification?: NotificationContent;
  /**
   * A list of user ids, all of participants.
   *
   * Items: A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  mentions?: string[];
  /**
   * true or false: whether the message counts for nobody.
   */
  silent?: boolean;
}
export interface DeleteMessageInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
   */
  conversation_id: string;
  /**
   * The UUID of a message, or layer:///messages/UUID.
   */
  message_id: string;
}
export interface CreateMessageReceiptInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The UUID of a message, or layer:///messages/UUID.
   */
  message_id: string;
  /**
   * "read", or "delivery", which changes no count.
   */
  type: 'read' | 'delivery';
}
export interface CreateOwnMessageReceiptInput {
  /**
   * The UUID of a message, or layer:///messages/UUID.
   */
  message_id: string;
  /**
   * "read", or "delivery", which changes no count.
   */
  type: 'read' | 'delivery';
}
export interface CreateAnnouncementReceiptInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The UUID of an announcement, or layer:///announcements/UUID.
   */
  announcement_id: string;
  /**
   * "read", or "delivery", which changes no count.
   */
  type: 'read' | 'delivery';
}
export interface CreateOwnAnnouncementReceiptInput {
  /**
   * The UUID of an announcement, or layer:///announcements/UUID.
   */
  announcement_id: string;
  /**
   * "read", or "delivery", which changes no count.
   */
  type: 'read' | 'delivery';
}
export interface CreateAnnouncementInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A UUID of your own choice, or one as a URI: the same id again answers the same resource.
   */
  id?: string;
  /**
   * A list of user ids, or "everyone".
   */
  recipients: string[] | 'everyone';
  sender: NewSender;
  /**
   * A list of at least one part, {"body": "…", "mime_type": "…"}. It is echoed, and not stored.
   *
   * @minItems 1
   */
  parts?: Part[];
  notification?: NotificationContent;
}
export interface CreateNotificationInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A UUID of your own choice, or one as a URI: the same id again answers the same resource.
   */
  id?: string;
  /**
   * A list of user ids.
   *
   * Items: A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  recipients: string[];
  notification: NotificationContent;
}
export interface RegisterPushTokenInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * What you call the device: 1 to 255 bytes, unique in the app.
   */
  device_id: string;
  /**
   * One of apns, fcm, gcm, webpush; gcm is another name of fcm.
   */
  type: 'apns' | 'fcm' | 'gcm' | 'webpush';
  /**
   * A string: what APNs or FCM calls the device.
   */
  token?: string;
  /**
   * A bundle id; needed with apns.
   */
  apns_bundle_id?: string;
  /**
   * production (the default) or development.
   */
  apns_environment?: 'production' | 'development';
  /**
   * A string. Not used by FCM any more.
   */
  gcm_sender_id?: string;
  subscription?: PushSubscriptionJson;
}
export interface ListPushTokensInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
}
export interface RegisterOwnPushTokenInput {
  /**
   * What you call the device: 1 to 255 bytes, unique in the app.
   */
  device_id: string;
  /**
   * One of apns, fcm, gcm, webpush; gcm is another name of fcm.
   */
  type: 'apns' | 'fcm' | 'gcm' | 'webpush';
  /**
   * A string: what APNs or FCM calls the device.
   */
  token?: string;
  /**
   * A bundle id; needed with apns.
   */
  apns_bundle_id?: string;
  /**
   * production (the default) or development.
   */
  apns_environment?: 'production' | 'development';
  /**
   * A string. Not used by FCM any more.
   */
  gcm_sender_id?: string;
  subscription?: PushSubscriptionJson;
}
export interface UnregisterPushTokenInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * What you call the device: 1 to 255 bytes, unique in the app.
   */
  device_id: string;
}
export interface UnregisterOwnPushTokenInput {
  /**
   * What you call the device: 1 to 255 bytes, unique in the app.
   */
  device_id: string;
}
export interface CreateBlockInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  owner_id: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
}
export interface ListBlocksInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  owner_id: string;
}
export interface DeleteBlockInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  owner_id: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
}
export interface ChangeBlocksInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  owner_id: string;
  /**
   * A list of at most 1000 operations.
   *
   * @maxItems 1000
   */
  operations: PatchOperation[];
}
export interface CreateUserTokenInput {
  /**
   * The UUID of the app, or its URI, URL-encoded.
   */
  app_uuid: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * A whole number of seconds, up to 2592000.
   */
  expires_in?: number;
}
export interface CreateAppInput {
  /**
   * What people call the app.
   */
  name: string;
  badge_mode?: BadgeMode;
  /**
   * true or false: whether unread announcements count in the badge.
   */
  include_announcements?: boolean;
  /**
   * A domain name, such as chat.example.com.
   */
  jabber_domain?: string;
}
export interface GetAppInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface ChangeAppInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * What people call the app.
   */
  name?: string;
  badge_mode?: BadgeMode;
  /**
   * true or false: whether unread announcements count in the badge.
   */
  include_announcements?: boolean;
  /**
   * A domain name, such as chat.example.com.
   */
  jabber_domain?: string;
}
export interface DeleteAppInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface GetAppSetupInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface CreateTokenInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * What people call the token.
   */
  label?: string;
}
export interface ListTokensInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface RevokeTokenInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The id of the token.
   */
  token_id: string;
}
export interface SetApnsCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The id of the key, 10 characters.
   */
  key_id: string;
  /**
   * The id of the team, 10 characters.
   */
  team_id: string;
  /**
   * A string: the .p8 file from Apple.
   */
  private_key: string;
}
export interface GetApnsCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface DeleteApnsCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface TestApnsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The id of a device of that user.
   */
  device_id: string;
  /**
   * What the push says.
   */
  title?: string;
  /**
   * What the push says.
   */
  text?: string;
}
export interface SetFcmCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The id of the Firebase project.
   */
  project_id: string;
  /**
   * The address of the service account.
   */
  client_email: string;
  /**
   * A string: the RSA key of the service account.
   */
  private_key: string;
  /**
   * The id of that key.
   */
  private_key_id?: string;
}
export interface GetFcmCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface DeleteFcmCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface TestFcmInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The id of a device of that user.
   */
  device_id: string;
  /**
   * What the push says.
   */
  title?: string;
  /**
   * What the push says.
   */
  text?: string;
}
export interface SetWebpushCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * A mailto: or https: URL under which you can be reached.
   */
  subject: string;
  /**
   * An absolute URL: where a click on a notification leads.
   */
  navigate: string;
  /**
   * A string: a VAPID public key, base64url.
   */
  public_key?: string;
  /**
   * A string: the VAPID private key that belongs to it, base64url.
   */
  private_key?: string;
}
export interface GetWebpushCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface DeleteWebpushCredentialsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface TestWebpushInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
   */
  user_id: string;
  /**
   * The id of a device of that user.
   */
  device_id: string;
  /**
   * What the push says.
   */
  title?: string;
  /**
   * What the push says.
   */
  text?: string;
}
export interface CreateOauthClientInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * What people call the client.
   */
  name: string;
  /**
   * A list of authorization_code, refresh_token, client_credentials and, for old programs only, implicit.
   */
  grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials' | 'implicit')[];
  /**
   * A list of addresses, each compared character for character.
   */
  redirect_uris?: string[];
  /**
   * The user for whom its client credentials stand; null for nobody.
   */
  user_id?: string | null;
  /**
   * true or false: whether it can keep a secret, as a web server can.
   */
  confidential?: boolean;
}
export interface ListOauthClientsInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface GetOauthClientInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The id of the client.
   */
  client_id: string;
}
export interface ChangeOauthClientInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The id of the client.
   */
  client_id: string;
  /**
   * What people call the client.
   */
  name?: string;
  /**
   * A list of authorization_code, refresh_token, client_credentials and, for old programs only, implicit.
   */
  grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials' | 'implicit')[];
  /**
   * A list of addresses, each compared character for character.
   */
  redirect_uris?: string[];
  /**
   * The user for whom its client credentials stand; null for nobody.
   */
  user_id?: string | null;
}
export interface DeleteOauthClientInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The id of the client.
   */
  client_id: string;
}
export interface SetLoginInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
  /**
   * The https address of the login page.
   */
  url: string;
  /**
   * A list of public JWKs, RSA or EC on P-256.
   */
  keys: {
    [k: string]: unknown;
  }[];
}
export interface GetLoginInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface DeleteLoginInput {
  /**
   * The UUID of the app.
   */
  app_id: string;
}
export interface SignInInput {
  /**
   * The admin token.
   */
  token?: string;
  /**
   * The code of the link that the server printed, instead: good once.
   */
  code?: string;
}
export interface CreateEventsInput {
  app_uuid: string;
  /**
   * As newline-delimited JSON, one operation a line, there may be any number of them.
   *
   * @maxItems 1000
   */
  operations: BatchOperation[];
}

interface BatchItem<Name extends string> {
  operation: Name;
  /** A UUID by which a repeat is recognised. The client chooses one where none is given. */
  request_id?: string;
}

type Batched<Name extends string, Input> = BatchItem<Name> & Omit<Input, 'app_uuid'>;

/** An operation of a batch: its name, and its input. */
export type BatchOperation =
  | Batched<'set_badge', SetBadgeInput>
  | Batched<'set_external_count', SetExternalCountInput>
  | Batched<'delete_external_count', DeleteExternalCountInput>
  | Batched<'set_badges', SetBadgesInput>
  | Batched<'create_conversation', CreateConversationInput>
  | Batched<'change_conversation', ChangeConversationInput>
  | Batched<'delete_conversation', DeleteConversationInput>
  | Batched<'mark_all_read', MarkAllReadInput>
  | Batched<'mark_unread', MarkUnreadInput>
  | Batched<'set_notifications', SetNotificationsInput>
  | Batched<'send_message', SendMessageInput>
  | Batched<'delete_message', DeleteMessageInput>
  | Batched<'create_message_receipt', CreateMessageReceiptInput>
  | Batched<'create_announcement_receipt', CreateAnnouncementReceiptInput>
  | Batched<'create_announcement', CreateAnnouncementInput>
  | Batched<'create_notification', CreateNotificationInput>
  | Batched<'register_push_token', RegisterPushTokenInput>
  | Batched<'unregister_push_token', UnregisterPushTokenInput>
  | Batched<'create_block', CreateBlockInput>
  | Batched<'delete_block', DeleteBlockInput>
  | Batched<'change_blocks', ChangeBlocksInput>;

/** A method for each operation: parameters, query and body in one object, and what is answered. */
export interface Api {
  /** Read a user's badge; with Accept: text/event-stream, read it now and after each change, as Server-Sent Events. */
  getBadge(input: GetBadgeInput, options?: CallOptions): Promise<Badge>;
  /** Set a user's external count. */
  setBadge(input: SetBadgeInput, options?: CallOptions): Promise<void>;
  /** Set a user's external count: the same as PUT. */
  postBadge(input: PostBadgeInput, options?: CallOptions): Promise<void>;
  /** Itemise a user's badge: what the number is made of. */
  explainBadge(input: ExplainBadgeInput, options?: CallOptions): Promise<ExplainedBadge>;
  /** Set a named external count. */
  setExternalCount(input: SetExternalCountInput, options?: CallOptions): Promise<void>;
  /** Remove a named external count. */
  deleteExternalCount(input: DeleteExternalCountInput, options?: CallOptions): Promise<void>;
  /** Set the external counts of up to 1000 users with "users", or read their badges with "user_ids". */
  setBadges(input: SetBadgesInput, options?: CallOptions): Promise<Badges | undefined>;
  /** Create a conversation, or find the distinct one of these participants. */
  createConversation(input: CreateConversationInput, options?: CallOptions): Promise<Conversation>;
  /** Read a conversation. */
  getConversation(input: GetConversationInput, options?: CallOptions): Promise<Conversation>;
  /** Change participants and metadata. */
  changeConversation(input: ChangeConversationInput, options?: CallOptions): Promise<void>;
  /** Delete a conversation for everybody. */
  deleteConversation(input: DeleteConversationInput, options?: CallOptions): Promise<void>;
  /** List a user's conversations, newest first. Layer-Count says how many there are on all pages. */
  listUserConversations(
    input: ListUserConversationsInput,
    options?: CallOptions,
  ): Promise<UserConversation[]>;
  /** Read a conversation as a participant sees it. */
  getUserConversation(input: GetUserConversationInput, options?: CallOptions): Promise<UserConversation>;
  /** Mark everything read, up to a position or to the last message. */
  markAllRead(input: MarkAllReadInput, options?: CallOptions): Promise<void>;
  /** Mark everything unread from a position on. */
  markUnread(input: MarkUnreadInput, options?: CallOptions): Promise<void>;
  /** Choose which messages of a conversation count in the badge and push. */
  setNotifications(input: SetNotificationsInput, options?: CallOptions): Promise<void>;
  /** Send a message to a conversation. */
  sendMessage(input: SendMessageInput, options?: CallOptions): Promise<Message>;
  /** Delete a message for everybody. */
  deleteMessage(input: DeleteMessageInput, options?: CallOptions): Promise<void>;
  /** Say that a user read or received a message. */
  createMessageReceipt(input: CreateMessageReceiptInput, options?: CallOptions): Promise<void>;
  /** Say that the user of the token read or received a message. */
  createOwnMessageReceipt(input: CreateOwnMessageReceiptInput, options?: CallOptions): Promise<void>;
  /** Say that a user read or received an announcement. */
  createAnnouncementReceipt(input: CreateAnnouncementReceiptInput, options?: CallOptions): Promise<void>;
  /** Say that the user of the token read or received an announcement. */
  createOwnAnnouncementReceipt(
    input: CreateOwnAnnouncementReceiptInput,
    options?: CallOptions,
  ): Promise<void>;
  /** Announce something to named users, or to everyone. */
  createAnnouncement(input: CreateAnnouncementInput, options?: CallOptions): Promise<Announcement>;
  /** Push something to named users, with their badge. */
  createNotification(input: CreateNotificationInput, options?: CallOptions): Promise<SentNotification>;
  /** Register a device, moving it from whoever had it before. */
  registerPushToken(input: RegisterPushTokenInput, options?: CallOptions): Promise<void>;
  /** List a user's devices, most recently used first, without what one could push to them with. */
  listPushTokens(input: ListPushTokensInput, options?: CallOptions): Promise<Device[]>;
  /** Register a device for the user of the token. */
  registerOwnPushToken(input: RegisterOwnPushTokenInput, options?: CallOptions): Promise<void>;
  /** List the devices of the user of the token. */
  listOwnPushTokens(input?: Record<string, never>, options?: CallOptions): Promise<Device[]>;
  /** Unregister a device: its badge is cleared, and it hears no more. */
  unregisterPushToken(input: UnregisterPushTokenInput, options?: CallOptions): Promise<void>;
  /** Unregister a device of the user of the token. */
  unregisterOwnPushToken(input: UnregisterOwnPushTokenInput, options?: CallOptions): Promise<void>;
  /** Block a user. */
  createBlock(input: CreateBlockInput, options?: CallOptions): Promise<void>;
  /** List whom a user blocks. */
  listBlocks(input: ListBlocksInput, options?: CallOptions): Promise<ListBlocksAnswer>;
  /** Unblock a user. */
  deleteBlock(input: DeleteBlockInput, options?: CallOptions): Promise<void>;
  /** Change whom a user blocks, several at once. */
  changeBlocks(input: ChangeBlocksInput, options?: CallOptions): Promise<void>;
  /** Make a token for a user, to be handed to their client. */
  createUserToken(input: CreateUserTokenInput, options?: CallOptions): Promise<UserToken>;
  /** Create an app, with its first token. */
  createApp(input: CreateAppInput, options?: CallOptions): Promise<NewApp>;
  /** List the apps, oldest first. */
  listApps(input?: Record<string, never>, options?: CallOptions): Promise<App[]>;
  /** Read an app. */
  getApp(input: GetAppInput, options?: CallOptions): Promise<App>;
  /** Rename an app, or change how its badges count. */
  changeApp(input: ChangeAppInput, options?: CallOptions): Promise<App>;
  /** Delete an app with everything in it. */
  deleteApp(input: DeleteAppInput, options?: CallOptions): Promise<void>;
  /** Read whether an app has a login page, and for which platforms it has push credentials. */
  getAppSetup(input: GetAppSetupInput, options?: CallOptions): Promise<AppSetup>;
  /** Add a token to an app. */
  createToken(input: CreateTokenInput, options?: CallOptions): Promise<NewAppToken>;
  /** List the tokens of an app, without what is secret of them. */
  listTokens(input: ListTokensInput, options?: CallOptions): Promise<AppToken[]>;
  /** Revoke a token: it opens nothing any more. */
  revokeToken(input: RevokeTokenInput, options?: CallOptions): Promise<void>;
  /** Set an app's APNs key. Devices are brought up to date with it at once. */
  setApnsCredentials(input: SetApnsCredentialsInput, options?: CallOptions): Promise<ApnsCredentials>;
  /** Read what an app's pushes over apns are signed with, without secrets, and whether they go out. */
  getApnsCredentials(input: GetApnsCredentialsInput, options?: CallOptions): Promise<ApnsCredentials>;
  /** Delete what an app's pushes over apns are signed with: they are only logged from here on. */
  deleteApnsCredentials(input: DeleteApnsCredentialsInput, options?: CallOptions): Promise<void>;
  /** Send one push to one device over apns, and answer what the provider said. */
  testApns(input: TestApnsInput, options?: CallOptions): Promise<TestedPush>;
  /** Set an app's FCM service account: the file from Google, as it is. */
  setFcmCredentials(input: SetFcmCredentialsInput, options?: CallOptions): Promise<FcmCredentials>;
  /** Read what an app's pushes over fcm are signed with, without secrets, and whether they go out. */
  getFcmCredentials(input: GetFcmCredentialsInput, options?: CallOptions): Promise<FcmCredentials>;
  /** Delete what an app's pushes over fcm are signed with: they are only logged from here on. */
  deleteFcmCredentials(input: DeleteFcmCredentialsInput, options?: CallOptions): Promise<void>;
  /** Send one push to one device over fcm, and answer what the provider said. */
  testFcm(input: TestFcmInput, options?: CallOptions): Promise<TestedPush>;
  /** Set an app's VAPID identity. Without keys it keeps those it has, or gets new ones. */
  setWebpushCredentials(
    input: SetWebpushCredentialsInput,
    options?: CallOptions,
  ): Promise<WebPushCredentials>;
  /** Read what an app's pushes over webpush are signed with, without secrets, and whether they go out. */
  getWebpushCredentials(
    input: GetWebpushCredentialsInput,
    options?: CallOptions,
  ): Promise<WebPushCredentials>;
  /** Delete what an app's pushes over webpush are signed with: they are only logged from here on. */
  deleteWebpushCredentials(input: DeleteWebpushCredentialsInput, options?: CallOptions): Promise<void>;
  /** Send one push to one device over webpush, and answer what the provider said. */
  testWebpush(input: TestWebpushInput, options?: CallOptions): Promise<TestedPush>;
  /** Add an OAuth client to an app. */
  createOauthClient(input: CreateOauthClientInput, options?: CallOptions): Promise<NewOAuthClient>;
  /** List the OAuth clients of an app, oldest first. */
  listOauthClients(input: ListOauthClientsInput, options?: CallOptions): Promise<OAuthClient[]>;
  /** Read an OAuth client. */
  getOauthClient(input: GetOauthClientInput, options?: CallOptions): Promise<OAuthClient>;
  /** Change an OAuth client. */
  changeOauthClient(input: ChangeOauthClientInput, options?: CallOptions): Promise<OAuthClient>;
  /** Delete an OAuth client: none of its tokens opens anything any more. */
  deleteOauthClient(input: DeleteOauthClientInput, options?: CallOptions): Promise<void>;
  /** Set the app's login page and the keys that sign its identity tokens. */
  setLogin(input: SetLoginInput, options?: CallOptions): Promise<Login>;
  /** Read the app's login page and its keys. */
  getLogin(input: GetLoginInput, options?: CallOptions): Promise<Login>;
  /** Remove the login page: nobody can sign in to the app any more. */
  deleteLogin(input: DeleteLoginInput, options?: CallOptions): Promise<void>;
  /** Begin a session of the dashboard, kept in a cookie. */
  signIn(input: SignInInput, options?: CallOptions): Promise<void>;
  /** Whether this browser is signed in to the dashboard, and until when. */
  getSession(input?: Record<string, never>, options?: CallOptions): Promise<DashboardSession>;
  /** End the session of the dashboard. */
  signOut(input?: Record<string, never>, options?: CallOptions): Promise<void>;
  /** Read how the service does: rates, latencies and push delivery over the last hour of this process. */
  getOverview(input?: Record<string, never>, options?: CallOptions): Promise<Overview>;
  /** Apply many operations in order. Their names are those of the endpoints they stand for. */
  createEvents(input: CreateEventsInput, options?: CallOptions): Promise<BatchAnswer[]>;
}

export const operations: Readonly<Record<keyof Api, Operation>> = {
  getBadge: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/badge', query: ['conversations'] },
  setBadge: { method: 'PUT', path: '/apps/:app_uuid/users/:user_id/badge' },
  postBadge: { method: 'POST', path: '/apps/:app_uuid/users/:user_id/badge', repeat: 'safe' },
  explainBadge: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/badge/explain' },
  setExternalCount: { method: 'PUT', path: '/apps/:app_uuid/users/:user_id/badge/external/:name' },
  deleteExternalCount: { method: 'DELETE', path: '/apps/:app_uuid/users/:user_id/badge/external/:name' },
  setBadges: { method: 'POST', path: '/apps/:app_uuid/users/badge', repeat: 'safe' },
  createConversation: { method: 'POST', path: '/apps/:app_uuid/conversations', repeat: 'request_id' },
  getConversation: { method: 'GET', path: '/apps/:app_uuid/conversations/:conversation_id' },
  changeConversation: {
    method: 'PATCH',
    path: '/apps/:app_uuid/conversations/:conversation_id',
    list: 'operations',
    repeat: 'safe',
  },
  deleteConversation: { method: 'DELETE', path: '/apps/:app_uuid/conversations/:conversation_id' },
  listUserConversations: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations',
    query: ['sort_by', 'unread', 'page_size', 'from_id'],
  },
  getUserConversation: {
    method: 'GET',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id',
  },
  markAllRead: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/mark_all_read',
    repeat: 'safe',
  },
  markUnread: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/mark_unread',
    repeat: 'safe',
  },
  setNotifications: {
    method: 'PUT',
    path: '/apps/:app_uuid/users/:user_id/conversations/:conversation_id/notifications',
  },
  sendMessage: {
    method: 'POST',
    path: '/apps/:app_uuid/conversations/:conversation_id/messages',
    repeat: 'request_id',
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/apps/:app_uuid/conversations/:conversation_id/messages/:message_id',
  },
  createMessageReceipt: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/messages/:message_id/receipts',
    repeat: 'safe',
  },
  createOwnMessageReceipt: { method: 'POST', path: '/messages/:message_id/receipts', repeat: 'safe' },
  createAnnouncementReceipt: {
    method: 'POST',
    path: '/apps/:app_uuid/users/:user_id/announcements/:announcement_id/receipts',
    repeat: 'safe',
  },
  createOwnAnnouncementReceipt: {
    method: 'POST',
    path: '/announcements/:announcement_id/receipts',
    repeat: 'safe',
  },
  createAnnouncement: { method: 'POST', path: '/apps/:app_uuid/announcements', repeat: 'request_id' },
  createNotification: { method: 'POST', path: '/apps/:app_uuid/notifications', repeat: 'request_id' },
  registerPushToken: { method: 'POST', path: '/apps/:app_uuid/users/:user_id/push_tokens', repeat: 'safe' },
  listPushTokens: { method: 'GET', path: '/apps/:app_uuid/users/:user_id/push_tokens' },
  registerOwnPushToken: { method: 'POST', path: '/push_tokens', repeat: 'safe' },
  listOwnPushTokens: { method: 'GET', path: '/push_tokens' },
  unregisterPushToken: { method: 'DELETE', path: '/apps/:app_uuid/users/:user_id/push_tokens/:device_id' },
  unregisterOwnPushToken: { method: 'DELETE', path: '/push_tokens/:device_id' },
  createBlock: { method: 'POST', path: '/apps/:app_uuid/users/:owner_id/blocks', repeat: 'safe' },
  listBlocks: { method: 'GET', path: '/apps/:app_uuid/users/:owner_id/blocks' },
  deleteBlock: { method: 'DELETE', path: '/apps/:app_uuid/users/:owner_id/blocks/:user_id' },
  changeBlocks: {
    method: 'PATCH',
    path: '/apps/:app_uuid/users/:owner_id',
    list: 'operations',
    repeat: 'safe',
  },
  createUserToken: { method: 'POST', path: '/apps/:app_uuid/users/:user_id/tokens', repeat: 'safe' },
  createApp: { method: 'POST', path: '/admin/apps' },
  listApps: { method: 'GET', path: '/admin/apps' },
  getApp: { method: 'GET', path: '/admin/apps/:app_id' },
  changeApp: { method: 'PATCH', path: '/admin/apps/:app_id', repeat: 'safe' },
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
    repeat: 'safe',
  },
  deleteOauthClient: { method: 'DELETE', path: '/admin/apps/:app_id/oauth_clients/:client_id' },
  setLogin: { method: 'PUT', path: '/admin/apps/:app_id/login' },
  getLogin: { method: 'GET', path: '/admin/apps/:app_id/login' },
  deleteLogin: { method: 'DELETE', path: '/admin/apps/:app_id/login' },
  signIn: { method: 'POST', path: '/admin/session' },
  getSession: { method: 'GET', path: '/admin/session' },
  signOut: { method: 'DELETE', path: '/admin/session' },
  getOverview: { method: 'GET', path: '/admin/overview' },
  createEvents: { method: 'POST', path: '/apps/:app_uuid/events', list: 'operations', repeat: 'items' },
};
