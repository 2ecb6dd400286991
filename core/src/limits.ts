/**
 * Every limit of the service, each with its reason. Lengths are in bytes of UTF-8 unless the name says
 * otherwise; the unit stands last in the name.
 */
export const limits = {
  /** A user id is the app's own key; 255 bytes is what most databases give a key column. */
  userIdBytes: 255,
  /** A conversation's id, if it is not a UUID: the app's own key too. */
  conversationIdBytes: 255,
  /** One conversation. A larger audience is an announcement, which costs one row. */
  participantsPerConversation: 100_000,
  /**
   * The users that one request names, adds or removes: participants, recipients, users to block. No other request is served
   * while they are decided and stored, which takes up to ten microseconds for each: most for new users with the longest ids.
   */
  usersPerRequest: 2_000,
  /** The response to a message includes its recipient_status; beyond this it would be larger than the message. */
  recipientStatusParticipants: 100,
  /** A conversation is shown with its participants up to this many; beyond it, with their number and the URL of a list. */
  participantsInView: 100,
  /** A page of that list. It holds ids only. */
  participantsPerPage: 1_000,
  /** Metadata is held in memory with its conversation. It is for a title, not for documents. */
  metadataBytes: 4_096,
  /** Objects in objects of metadata. Deeper than any metadata needs, and far from what would overflow the stack. */
  metadataLevels: 64,
  /** How many names one message may mention; each is stored with its participant until it is read. */
  mentionsPerMessage: 1_000,
  /** How many messages back mark unread can go. It reads each of them once, about two microseconds each, in slices. */
  markUnreadMessages: 10_000,
  /** How many messages back a command may read to recognise a retry, for the same reason. */
  lookBackMessages: 10_000,
  /** Parts of one message. They are returned with it. */
  partsPerMessage: 1_000,
  /** Arguments of a notification's localized text or title. */
  textArguments: 100,
  /** Recipients of one notification that have texts of their own; each is part of the push's stored content. */
  ownTextsPerNotification: 1_000,
  /** Lists that an administrator sets for one app's login, or one OAuth client. */
  loginKeys: 100,
  grantTypes: 10,
  redirectUris: 100,
  /** What the operations of one request may read back together: a quarter of a second of work, in slices. */
  lookBackMessagesPerRequest: 100_000,
  /**
   * How many messages back a list of chat badges reads for the times by which it is sorted. Beyond it, the time of the
   * conversation's last message is taken. Users ask for this list themselves, and often.
   */
  chatBadgeMessages: 2_000,
  /** A named system sender or an external count's name. */
  nameBytes: 255,
  /** Counts are summed in doubles, exact up to 2^53; this leaves room for a million of them. */
  externalCount: 2_147_483_647,
  /** Named external counts of one user: one per backend that owns something, not one per object. */
  externalNamesPerUser: 100,
  /** A list's page. */
  pageSize: 100,
  /** The unread list that comes with a badge, newest first. Each change sends the whole list again, to every stream. */
  unreadListConversations: 100,
  /** The unread conversations, and the unread announcements, that an explained badge lists one by one. The others are one item. */
  explainedConversations: 200,
  /** The intervals of acknowledged messages that are listed for each of them. */
  explainedIntervals: 100,
  /** Open streams of one user: enough for every tab of every browser, and low enough to notice a leak early. */
  streamsPerUser: 100,
  /** Open streams of one process, by default: as many as half a gigabyte holds. */
  streamsPerProcess: 20_000,
  /** Operations in one JSON batch, or users in one bulk badge request. Streams of operations have no such limit. */
  batchOperations: 1_000,
  /** Operations of one PATCH. They are decided together, and no other request is served meanwhile. */
  patchOperations: 100,
  /** One request's body with a token of an app: 5,000 users with the longest ids fit. It is parsed in one step. */
  bodyBytes: 2 * 1024 * 1024,
  /** The same for a user token, or without authentication: these requests are small, and many callers send them. */
  ownBodyBytes: 64 * 1024,
  /** One line of a newline-delimited batch, for the same reason as a body. */
  batchLineBytes: 2 * 1024 * 1024,
  /**
   * What one JSON text may hold: values, among them objects and arrays, the members of all objects together and of one, and
   * levels of nesting. Parsing takes up to 0.3 microseconds for a value, and 1 for an object or a member with a name that no
   * other has, so about 20 milliseconds in all. 1,000 messages fit, each with 20 members.
   */
  jsonValues: 50_000,
  jsonContainers: 10_000,
  jsonMembers: 20_000,
  jsonMembersPerObject: 2_000,
  jsonDepth: 64,
  /** The bodies that are still arriving, all together: with token of an app or admin, and with any other or none. */
  unfinishedBodyBytes: 48 * 1024 * 1024,
  unfinishedOwnBodyBytes: 16 * 1024 * 1024,
  /** How long a body may take to arrive, and how long its next bytes may. */
  bodySeconds: 30,
  bodyPauseSeconds: 10,
  /** Blocks of one user, and so the users that one PATCH of them may name. */
  blocksPerUser: 10_000,
  /**
   * Users of one app, also conversations, announcements, and participants of all conversations together: the numbers that
   * an index of 31 bits holds. Memory ends before.
   */
  rowsPerApp: 2 ** 30,
  /** Positions are kept in 32 bits; a conversation that gets a message every 100 ms fills them in 13 years. */
  position: 4_294_967_295,
  /** Devices of one user: more than a person carries. Beyond it, the least recently used one is unregistered. */
  devicesPerUser: 25,
  /** The app chooses a device's id. This is seven times the length of a UUID. */
  deviceIdBytes: 255,
  /** A device's push token. Those of APNs and FCM are below 300 bytes, and may grow. */
  pushTokenBytes: 4_096,
  /** An app's name, as shown to people. */
  appNameBytes: 255,
  /** A user token's life, in seconds: an hour unless asked otherwise, never above 30 days. */
  userTokenSeconds: 3_600,
  userTokenMaxSeconds: 30 * 86_400,
} as const;
