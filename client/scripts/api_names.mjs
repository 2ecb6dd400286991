// The names of what several operations take or answer. A schema that is written out in each of them becomes one type.

/** Each is found where it is used: an operation, whether in its input or its answer, and the way to it from there. */
const NAMES = {
  BadgeMode: ['get_badge', 'answer', 'properties', 'badge_mode'],
  NotificationLevel: ['set_notifications', 'input', 'properties', 'level'],
  Part: ['send_message', 'input', 'properties', 'parts', 'items'],
  NotificationContent: ['create_notification', 'input', 'properties', 'notification'],
  Sender: ['send_message', 'answer', 'properties', 'sender'],
  NewSender: ['send_message', 'input', 'properties', 'sender'],
  PatchOperation: ['change_conversation', 'input', 'properties', 'operations', 'items'],
  PushSubscriptionJson: ['register_push_token', 'input', 'properties', 'subscription'],
  PushHealth: ['get_apns_credentials', 'answer', 'properties', 'health'],
  Badge: ['get_badge', 'answer'],
  UnreadConversation: ['get_badge', 'answer', 'properties', 'conversations', 'items'],
  ExplainedBadge: ['explain_badge', 'answer'],
  BadgeItem: ['explain_badge', 'answer', 'properties', 'items', 'items'],
  ExplainedConversation: ['explain_badge', 'answer', 'properties', 'conversations', 'items'],
  Badges: ['set_badges', 'answer'],
  Conversation: ['create_conversation', 'answer'],
  UserConversation: ['get_user_conversation', 'answer'],
  LastMessage: ['get_user_conversation', 'answer', 'properties', 'last_message'],
  Message: ['send_message', 'answer'],
  Announcement: ['create_announcement', 'answer'],
  SentNotification: ['create_notification', 'answer'],
  Device: ['list_push_tokens', 'answer', 'items'],
  UserToken: ['create_user_token', 'answer'],
  BatchAnswer: ['create_events', 'answer', 'items'],
  App: ['get_app', 'answer'],
  NewApp: ['create_app', 'answer'],
  AppSetup: ['get_app_setup', 'answer'],
  AppToken: ['list_tokens', 'answer', 'items'],
  NewAppToken: ['create_token', 'answer'],
  OAuthClient: ['get_oauth_client', 'answer'],
  NewOAuthClient: ['create_oauth_client', 'answer'],
  ApnsCredentials: ['get_apns_credentials', 'answer'],
  FcmCredentials: ['get_fcm_credentials', 'answer'],
  WebPushCredentials: ['get_webpush_credentials', 'answer'],
  TestedPush: ['test_apns', 'answer'],
  Login: ['get_login', 'answer'],
  DashboardSession: ['get_session', 'answer'],
  Overview: ['get_overview', 'answer'],
  OverviewSample: ['get_overview', 'answer', 'properties', 'samples', 'items'],
};

/**
 * What has a name, by its name, and a function that puts references to that into any other schema. Answers that have a
 * name are given it.
 */
export function nameSchemas(operations) {
  const found = Object.entries(NAMES).map(([name, way]) => [name, follow(operations, name, way)]);
  const names = new Map(found.map(([name, schema]) => [JSON.stringify(schema), name]));
  for (const operation of operations) {
    const { answer, answerName } = operation;
    const item = names.get(JSON.stringify(answer?.items));
    operation.answerName =
      names.get(JSON.stringify(answer)) ?? (item === undefined ? answerName : `${item}[]`);
  }
  const inside = (schema) => mapSchemas(schema, refer);
  const refer = (schema) => {
    const name = names.get(JSON.stringify(schema));
    return name === undefined ? inside(schema) : { $ref: `#/$defs/${name}` };
  };
  return { named: new Map(found.map(([name, schema]) => [name, inside(schema)])), refer };
}

function follow(operations, name, [operation, side, ...way]) {
  let schema = operations.find((candidate) => candidate.name === operation)?.[side];
  for (const step of way) schema = schema?.[step];
  if (schema === undefined) throw new Error(`${name} is not in the ${side} of ${operation} any more.`);
  return schema;
}

/** The schema with each of the schemas right below it replaced. */
function mapSchemas(schema, replace) {
  const { type, properties, items, anyOf, additionalProperties } = schema;
  return {
    ...schema,
    // The compiler takes what says nothing for an object.
    ...(type === undefined && anyOf === undefined && { tsType: schema.tsType ?? 'unknown' }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, replace(value)])),
    }),
    ...(items && { items: replace(items) }),
    ...(anyOf && { anyOf: anyOf.map(replace) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: replace(additionalProperties) }),
  };
}
