/** All endpoints of the Layer-style API. */
import type { Endpoint } from '../foundation/endpoint.js';
import { announcementEndpoints } from './announcements.js';
import { badgeEndpoints } from './badges.js';
import { blockEndpoints } from './blocks.js';
import { bulkBadgeEndpoints } from './bulk_badges.js';
import { conversationEndpoints } from './conversations.js';
import { withDeletedConversations } from './deleted_conversations.js';
import { messageEndpoints } from './messages.js';
import { notificationEndpoints } from './notifications.js';
import { pushTokenEndpoints } from './push_tokens.js';
import { receiptEndpoints } from './receipts.js';
import { userConversationEndpoints } from './user_conversations.js';
import { userMessageEndpoints } from './user_messages.js';
import { userTokenEndpoints } from './user_tokens.js';

const endpoints: readonly Endpoint[] = [
  ...badgeEndpoints,
  ...bulkBadgeEndpoints,
  ...conversationEndpoints,
  ...userConversationEndpoints,
  ...messageEndpoints,
  ...userMessageEndpoints,
  ...receiptEndpoints,
  ...announcementEndpoints,
  ...notificationEndpoints,
  ...pushTokenEndpoints,
  ...blockEndpoints,
  ...userTokenEndpoints,
];

export const layerEndpoints: readonly Endpoint[] = endpoints.map(withDeletedConversations);
