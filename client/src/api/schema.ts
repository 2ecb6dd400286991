/**
 * The shapes of the API, and what each operation takes and returns. openapi-typescript generated it from the server's
 * OpenAPI document (`npm run generate --workspace client`). Do not edit it.
 */
export interface paths {
  '/apps/{app_uuid}/users/{user_id}/badge': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a user's badge; with Accept: text/event-stream, read it now and after each change, as Server-Sent Events.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['get_badge'];
    /**
     * Set a user's external count.
     * @description Requires a token of the app. A retry has no further effect.
     */
    put: operations['set_badge'];
    /**
     * Set a user's external count. Same as PUT.
     * @description Requires a token of the app. A retry has no further effect.
     */
    post: operations['post_badge'];
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Set a user's external count, as a list with one operation. Same as PUT.
     * @description Requires a token of the app. A retry has no further effect.
     */
    patch: operations['patch_badge'];
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/badge/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Explain a user's badge: list the items that it is the sum of.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['explain_badge'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/badge/external/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set a named external count.
     * @description Requires a token of the app. A retry has no further effect.
     */
    put: operations['set_external_count'];
    post?: never;
    /**
     * Remove a named external count.
     * @description Requires a token of the app. A retry has no further effect.
     */
    delete: operations['delete_external_count'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/badge': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Set the external counts of up to 1000 users.
     * @description Requires a token of the app. A retry has no further effect.
     */
    post: operations['set_badges'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/badges/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Read the badges of up to 1000 users.
     * @description Requires a token of the app. A retry has no further effect.
     */
    post: operations['read_badges'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a conversation, or return the existing distinct conversation of these participants.
     * @description Requires a token of the app. A retry with the same If-None-Match, or the same id, returns what the first attempt created.
     */
    post: operations['create_conversation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/conversations/{conversation_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a conversation.
     * @description Requires a token of the app. A retry has no further effect.
     */
    get: operations['get_conversation'];
    put?: never;
    post?: never;
    /**
     * Delete a conversation for all participants.
     * @description Requires a token of the app. A retry has no further effect.
     */
    delete: operations['delete_conversation'];
    options?: never;
    head?: never;
    /**
     * Change the participants and the metadata of a conversation.
     * @description Requires a token of the app. A retry has no further effect.
     */
    patch: operations['change_conversation'];
    trace?: never;
  };
  '/apps/{app_uuid}/conversations/{conversation_id}/participants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the participants of a conversation. Layer-Count is their number on all pages.
     * @description Requires a token of the app. A retry has no further effect.
     */
    get: operations['list_participants'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List a user's conversations, newest first. Layer-Count is their number on all pages.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['list_user_conversations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a conversation with the unread counts and settings of one participant.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['get_user_conversation'];
    put?: never;
    post?: never;
    /**
     * Take the user out of a conversation (leave=true), mark everything in it as read for them (mode=my_devices), or delete it for all participants.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    delete: operations['delete_user_conversation'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}/participants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the participants of a conversation that the user takes part in. Layer-Count is their number on all pages.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['list_user_conversation_participants'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}/mark_all_read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Mark messages as read, up to a position or to the last message.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    post: operations['mark_all_read'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}/mark_unread': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Mark all messages from a position on as unread.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    post: operations['mark_unread'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}/notifications': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set which messages of a conversation count in the badge and are pushed.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    put: operations['set_notifications'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/conversations/{conversation_id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the messages of a conversation, newest first. Layer-Count is their number on all pages.
     * @description Requires a token of the app. A retry has no further effect.
     */
    get: operations['list_messages'];
    put?: never;
    /**
     * Send a message to a conversation.
     * @description Requires a token of the app. A retry with the same If-None-Match, or the same id, returns what the first attempt created.
     */
    post: operations['send_message'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/conversations/{conversation_id}/messages/{message_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a message: who sent it when, and who has read it. Its content is not stored.
     * @description Requires a token of the app. A retry has no further effect.
     */
    get: operations['get_message'];
    put?: never;
    post?: never;
    /**
     * Delete a message for all participants.
     * @description Requires a token of the app. A retry has no further effect.
     */
    delete: operations['delete_message'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the messages of a conversation since the user joined, newest first. Layer-Count is their number on all pages.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['list_user_messages'];
    put?: never;
    /**
     * Send a message to a conversation as this user, a participant.
     * @description Requires a token of the app. A retry with the same If-None-Match, or the same id, returns what the first attempt created.
     */
    post: operations['send_user_message'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/messages/{message_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a message of a conversation that the user takes part in.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['get_user_message'];
    put?: never;
    post?: never;
    /**
     * Delete a message for all participants; with mode=my_devices, mark it as read for this user.
     * @description Requires a token of the app. A retry has no further effect.
     */
    delete: operations['delete_user_message'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/conversations/{conversation_id}/messages/{message_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a message of this conversation, which the user takes part in.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['get_user_conversation_message'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/messages/{message_id}/receipts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Record that a user read or received a message.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    post: operations['create_message_receipt'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/messages/{message_id}/receipts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Record that the user of the token read or received a message.
     * @description Requires a user token. It acts for the user of the token. A retry has no further effect.
     */
    post: operations['create_own_message_receipt'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/announcements/{announcement_id}/receipts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Record that a user read or received an announcement.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    post: operations['create_announcement_receipt'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/announcements/{announcement_id}/receipts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Record that the user of the token read or received an announcement.
     * @description Requires a user token. It acts for the user of the token. A retry has no further effect.
     */
    post: operations['create_own_announcement_receipt'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/announcements': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send an announcement to a list of users, or to everyone.
     * @description Requires a token of the app. A retry with the same If-None-Match, or the same id, returns what the first attempt created.
     */
    post: operations['create_announcement'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/notifications': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Push a notification to a list of users, with their badges.
     * @description Requires a token of the app. A retry with the same If-None-Match, or the same id, returns what the first attempt created.
     */
    post: operations['create_notification'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/push_tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List a user's devices, most recently used first, without their push tokens.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    get: operations['list_push_tokens'];
    put?: never;
    /**
     * Register a device. If another user had it, it moves to this user; with a user token, only if the push token is the same.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    post: operations['register_push_token'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/push_tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the devices of the user of the token.
     * @description Requires a user token. It acts for the user of the token. A retry has no further effect.
     */
    get: operations['list_own_push_tokens'];
    put?: never;
    /**
     * Register a device for the user of the token.
     * @description Requires a user token. It acts for the user of the token. A retry has no further effect.
     */
    post: operations['register_own_push_token'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/push_tokens/{device_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Unregister a device. Its badge is cleared, and it gets no more pushes.
     * @description Requires a token of the app, or of the user in the path. A retry has no further effect.
     */
    delete: operations['unregister_push_token'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/push_tokens/{device_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Unregister a device of the user of the token.
     * @description Requires a user token. It acts for the user of the token. A retry has no further effect.
     */
    delete: operations['unregister_own_push_token'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{owner_id}/blocks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the users that a user blocks.
     * @description Requires a token of the app. A retry has no further effect.
     */
    get: operations['list_blocks'];
    put?: never;
    /**
     * Block a user.
     * @description Requires a token of the app. A retry has no further effect.
     */
    post: operations['create_block'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{owner_id}/blocks/{user_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Unblock a user.
     * @description Requires a token of the app. A retry has no further effect.
     */
    delete: operations['delete_block'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/users/{owner_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change the list of users that a user blocks.
     * @description Requires a token of the app. A retry has no further effect.
     */
    patch: operations['change_blocks'];
    trace?: never;
  };
  '/apps/{app_uuid}/users/{user_id}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a token for a user, for use in a page or a phone.
     * @description Requires a token of the app. A retry has no further effect.
     */
    post: operations['create_user_token'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the apps, oldest first.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['list_apps'];
    put?: never;
    /**
     * Create an app and its first token.
     * @description Requires the admin token, or a session of the dashboard. A retry may take effect twice.
     */
    post: operations['create_app'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an app.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_app'];
    put?: never;
    post?: never;
    /**
     * Delete an app and all of its data.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['delete_app'];
    options?: never;
    head?: never;
    /**
     * Rename an app, or change what its badges count.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    patch: operations['change_app'];
    trace?: never;
  };
  '/admin/apps/{app_id}/setup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read whether an app has a login page, and the platforms that it has push credentials for.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_app_setup'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the tokens of an app, without their secrets.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['list_tokens'];
    put?: never;
    /**
     * Add a token to an app.
     * @description Requires the admin token, or a session of the dashboard. A retry may take effect twice.
     */
    post: operations['create_token'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/tokens/{token_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a token. Requests with it are refused from then on.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['revoke_token'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/push/apns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an app's apns credentials, without secrets, and whether delivery is paused.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_apns_credentials'];
    /**
     * Set an app's APNs key. Badges that are not up to date are pushed at once.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    put: operations['set_apns_credentials'];
    post?: never;
    /**
     * Delete an app's apns credentials. Its pushes over apns are only logged from then on.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['delete_apns_credentials'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/push/apns/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send one push to one device over apns, and return the provider's result.
     * @description Requires the admin token, or a session of the dashboard. A retry may take effect twice.
     */
    post: operations['test_apns'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/push/fcm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an app's fcm credentials, without secrets, and whether delivery is paused.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_fcm_credentials'];
    /**
     * Set an app's FCM service account. The body is the unchanged file from Google.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    put: operations['set_fcm_credentials'];
    post?: never;
    /**
     * Delete an app's fcm credentials. Its pushes over fcm are only logged from then on.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['delete_fcm_credentials'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/push/fcm/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send one push to one device over fcm, and return the provider's result.
     * @description Requires the admin token, or a session of the dashboard. A retry may take effect twice.
     */
    post: operations['test_fcm'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/push/webpush': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an app's webpush credentials, without secrets, and whether delivery is paused.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_webpush_credentials'];
    /**
     * Set an app's VAPID identity. Without keys, its existing keys stay, or new ones are generated.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    put: operations['set_webpush_credentials'];
    post?: never;
    /**
     * Delete an app's webpush credentials. Its pushes over webpush are only logged from then on.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['delete_webpush_credentials'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/push/webpush/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send one push to one device over webpush, and return the provider's result.
     * @description Requires the admin token, or a session of the dashboard. A retry may take effect twice.
     */
    post: operations['test_webpush'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/oauth_clients': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the OAuth clients of an app, oldest first.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['list_oauth_clients'];
    put?: never;
    /**
     * Add an OAuth client to an app.
     * @description Requires the admin token, or a session of the dashboard. A retry may take effect twice.
     */
    post: operations['create_oauth_client'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/apps/{app_id}/oauth_clients/{client_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an OAuth client.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_oauth_client'];
    put?: never;
    post?: never;
    /**
     * Delete an OAuth client. Requests with its tokens are refused from then on.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['delete_oauth_client'];
    options?: never;
    head?: never;
    /**
     * Change an OAuth client.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    patch: operations['change_oauth_client'];
    trace?: never;
  };
  '/admin/apps/{app_id}/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the app's login page and its keys.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_login'];
    /**
     * Set the app's login page and the keys that sign its identity tokens.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    put: operations['set_login'];
    post?: never;
    /**
     * Remove the login page. Users can no longer sign in to the app.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    delete: operations['delete_login'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read whether this browser is signed in to the dashboard, and when its session expires.
     * @description Requires a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_session'];
    put?: never;
    /**
     * Begin a session of the dashboard. A cookie identifies it.
     * @description Anyone may call this. A retry may take effect twice.
     */
    post: operations['sign_in'];
    /**
     * End the session of the dashboard.
     * @description Requires a session of the dashboard. A retry has no further effect.
     */
    delete: operations['sign_out'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the rates, latencies and push delivery of the last hour of this process.
     * @description Requires the admin token, or a session of the dashboard. A retry has no further effect.
     */
    get: operations['get_overview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{app_uuid}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Apply many operations in order. Each operation names an endpoint.
     * @description Requires a token of the app. An operation with the same request_id, or the same id, takes effect once.
     */
    post: operations['create_events'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description A user's badge, and the counts it is made of. */
    Badge: {
      external_unread_count: number;
      unread_conversation_count: number;
      unread_message_count: number;
      unread_announcement_count: number;
      /** @description The number that a push carries; null where badges are disabled. */
      badge: number | null;
      badge_mode: components['schemas']['BadgeMode'];
      /** @description The unread conversations, counted or muted, newest message first. Only with conversations=true. */
      conversations?: components['schemas']['UnreadConversation'][];
      /** @description Whether there are more unread conversations: at most 100 are listed. */
      more_conversations?: boolean;
    };
    /**
     * @description One of unread_messages, unread_conversations, external, disabled.
     * @enum {string}
     */
    BadgeMode: 'unread_messages' | 'unread_conversations' | 'external' | 'disabled';
    UnreadConversation: {
      /** Format: uri */
      id: string;
      unread_message_count: number;
      /** @description The number of unread messages that count in the badge. */
      badge_count: number;
      /** @description The position of the last message. */
      last_position: number;
      level: components['schemas']['NotificationLevel'];
      muted_until: string | null;
    };
    /**
     * @description One of "all", "mentions" and "none".
     * @enum {string}
     */
    NotificationLevel: 'all' | 'mentions' | 'none';
    /** @description Every error of the API. */
    Error: {
      /** @enum {string} */
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
        | 'object_deleted'
        | 'missing_property'
        | 'invalid_property'
        | 'invalid_endpoint'
        | 'invalid_header'
        | 'conflict'
        | 'method_not_allowed'
        | 'participant_blocked'
        | 'id_in_use'
        | 'insufficient_storage';
      /** @enum {integer} */
      code:
        | 1
        | 2
        | 3
        | 4
        | 7
        | 9
        | 10
        | 100
        | 101
        | 102
        | 103
        | 104
        | 105
        | 106
        | 107
        | 108
        | 109
        | 110
        | 111
        | 112;
      /** @description A sentence that says what is wrong and what to do. */
      message: string;
      /** @description The URL of the description of the error. */
      url: string;
      /** @description The property or header that is wrong, or the resource that exists already. */
      data: {
        [key: string]: unknown;
      };
    };
    SetBadgeRequest: {
      /** @description A whole number from 0 to 2147483647. */
      external_unread_count: number;
    };
    PostBadgeRequest: {
      /** @description A whole number from 0 to 2147483647. */
      external_unread_count: number;
    };
    /** @description A change of one property. */
    PatchOperation: {
      /** @description One of "add", "remove", "set" and "delete". */
      operation: 'add' | 'remove' | 'set' | 'delete';
      /** @description The property to change, such as "participants" or "metadata.title". */
      property: string;
      /** @description The value to add, remove or set. */
      value?: unknown;
    };
    /** @description A badge, with the items that it is the sum of. */
    ExplainedBadge: {
      external_unread_count: number;
      unread_conversation_count: number;
      unread_message_count: number;
      unread_announcement_count: number;
      /** @description The number that a push carries; null where badges are disabled. */
      badge: number | null;
      badge_mode: components['schemas']['BadgeMode'];
      include_announcements: boolean;
      /** @description The sum, as a sentence. */
      summary: string;
      items: components['schemas']['BadgeItem'][];
      /** @description The external counts by name; the unnamed one has an empty name. */
      external: {
        [key: string]: number;
      };
      /** @description The ids of the newest 200 unread announcements, oldest first. */
      announcements: string[];
      conversations: components['schemas']['ExplainedConversation'][];
    };
    BadgeItem: {
      /**
       * @description more_conversations is the sum of those that are not among the newest 200.
       * @enum {string}
       */
      kind: 'external' | 'announcements' | 'conversation' | 'more_conversations';
      /** @description The external count's name, or the conversation's id. Otherwise empty. */
      of: string;
      /** @description The number that it adds to the badge. The badge is the sum of all items. */
      adds: number;
      because: string;
    };
    ExplainedConversation: {
      /** Format: uri */
      id: string;
      unread_message_count: number;
      /** @description The number of unread messages that count in the badge. */
      badge_count: number;
      /** @description The position of the last message. */
      last_position: number;
      level: components['schemas']['NotificationLevel'];
      muted_until: string | null;
      /** @description The last position when the user joined. */
      joined_position: number;
      /** @description Everything up to this position is read. */
      read_position: number;
      /** @description Read positions after read_position: the first 100 intervals. */
      acknowledged: number[][];
      /** @description Uncounted messages after read_position: deleted or silent. */
      uncounted: number;
    };
    SetExternalCountRequest: {
      /** @description A whole number from 0 to 2147483647. */
      count: number;
    };
    SetBadgesRequest: {
      /** @description An object of external counts by user id, such as {"a": 12, "b": 0}. */
      users?: {
        [key: string]: number;
      };
      /** @description Reads the badges of these users. For older clients: use read_badges instead. */
      user_ids?: string[];
    };
    /** @description The badges of several users. */
    Badges: {
      /** @description By user id. Null for a user that does not exist. */
      users: {
        [key: string]: components['schemas']['BadgeCounts'] | null;
      };
    };
    /** @description A badge without the list of unread conversations. */
    BadgeCounts: {
      external_unread_count: number;
      unread_conversation_count: number;
      unread_message_count: number;
      unread_announcement_count: number;
      /** @description The number that a push carries; null where badges are disabled. */
      badge: number | null;
      badge_mode: components['schemas']['BadgeMode'];
    };
    ReadBadgesRequest: {
      /** @description A list of user ids. */
      user_ids: string[];
    };
    CreateConversationRequest: {
      /** @description An id of your choice, such as room-42: any text of 1 to 255 bytes. A retry with the same id returns the same conversation. Default: a new UUID. */
      id?: string;
      /** @description A list of user ids. */
      participants: string[];
      /** @description true or false: whether these participants have at most one distinct conversation. */
      distinct?: boolean;
      /** @description An object whose values are strings, or objects of the same form. */
      metadata?: {
        [key: string]: unknown;
      } | null;
    };
    /** @description A conversation. */
    Conversation: {
      /** Format: uri */
      id: string;
      /** Format: uri */
      url: string;
      /**
       * Format: uri
       * @description The URL for sending messages.
       */
      messages_url: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
      /** @description All participants, if there are at most 100; otherwise it is left out. */
      participants?: string[];
      /** @description The number of participants. */
      participant_count: number;
      /**
       * Format: uri
       * @description The URL of all participants, in pages.
       */
      participants_url: string;
      distinct: boolean;
      metadata: {
        [key: string]: unknown;
      };
    };
    /** @description The id of a user. */
    ParticipantId: string;
    /** @description A conversation, with the unread counts and settings of one participant. */
    UserConversation: {
      /** Format: uri */
      id: string;
      /** Format: uri */
      url: string;
      /**
       * Format: uri
       * @description The URL for sending messages.
       */
      messages_url: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
      /** @description All participants, if there are at most 100; otherwise it is left out. */
      participants?: string[];
      /** @description The number of participants. */
      participant_count: number;
      /**
       * Format: uri
       * @description The URL of all participants, in pages.
       */
      participants_url: string;
      distinct: boolean;
      metadata: {
        [key: string]: unknown;
      };
      unread_message_count: number;
      last_message: components['schemas']['LastMessage'] | null;
      notifications: components['schemas']['NotificationSettings'];
    };
    /** @description The newest message since the user joined. It has no parts, since content is not stored. */
    LastMessage: {
      id: string;
      position: number;
      sender: components['schemas']['Sender'];
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      sent_at: string;
      is_unread: boolean;
    };
    /** @description The sender: a user or a name. The other one is null. */
    Sender: {
      user_id: string | null;
      name: string | null;
    };
    NotificationSettings: {
      level: components['schemas']['NotificationLevel'];
      /** @description The time until which it is muted; null if it is not. */
      muted_until: string | null;
    };
    MarkAllReadRequest: {
      /** @description A message's position in its conversation: a whole number up to 4294967295. */
      position?: number;
    };
    MarkUnreadRequest: {
      /** @description A message's position in its conversation: a whole number up to 4294967295. */
      position: number;
    };
    SetNotificationsRequest: {
      level: components['schemas']['NotificationLevel'];
      /** @description An ISO 8601 time with a zone, or null. */
      muted_until?: string | null;
    };
    SendMessageRequest: {
      sender?: components['schemas']['NewSender'];
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      sender_id?: string;
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of at least one part, {"body": "…", "mime_type": "…"}. It is returned, and not stored. */
      parts?: components['schemas']['Part'][];
      notification?: components['schemas']['NotificationContent'];
      /** @description A list of user ids of participants. */
      mentions?: string[];
      /** @description true or false: whether the message is silent, so that it counts for no user. */
      silent?: boolean;
    };
    /**
     * @description Either {"user_id": "…"} or {"name": "…"}.
     * @example {
     *       "user_id": "alice"
     *     }
     */
    NewSender: {
      /** @description A string, or left out. */
      user_id?: string | null;
      /** @description A string, or left out. */
      name?: string | null;
    };
    /** @description One part of a message. It is passed on and not stored. */
    Part: {
      /** @description The content, as text. */
      body?: string;
      /** @description The media type of the content, such as text/plain. */
      mime_type: string;
      /** @description The encoding of the content, such as base64. */
      encoding?: string;
      /** @description Content that is stored elsewhere, in place of body: an object of your own. */
      content?: {
        [key: string]: unknown;
      };
    };
    /** @description An object: the texts and the sound of the push. It has no badge, since the service computes that. */
    NotificationContent: {
      /** @description A string. */
      title?: string;
      /** @description A string. */
      text?: string;
      /** @description A string. */
      sound?: string;
      /** @description A string. */
      category?: string;
      /** @description A string. */
      'title-loc-key'?: string;
      /** @description A list of strings. */
      'title-loc-args'?: string[];
      /** @description A string. */
      'loc-key'?: string;
      /** @description A list of strings. */
      'loc-args'?: string[];
      /** @description An object. */
      apns?: {
        [key: string]: unknown;
      };
      /** @description An object. */
      data?: {
        [key: string]: unknown;
      };
      /** @description A list of {"user_id": "…"}, each with its own texts; or an object of such texts by user id. */
      recipients?:
        | components['schemas']['NotificationRecipient'][]
        | {
            [key: string]: components['schemas']['NotificationTexts'];
          };
    };
    NotificationRecipient: {
      /** @description A user id. */
      user_id: string;
      /** @description A string. */
      title?: string;
      /** @description A string. */
      text?: string;
      /** @description A string. */
      sound?: string;
    };
    NotificationTexts: {
      /** @description A string. */
      title?: string;
      /** @description A string. */
      text?: string;
      /** @description A string. */
      sound?: string;
    };
    /** @description A message. */
    Message: {
      /** Format: uri */
      id: string;
      /** Format: uri */
      url: string;
      /** @description The message's position in its conversation, counted from 1 without gaps. */
      position: number;
      conversation: components['schemas']['ConversationLink'];
      /** @description The parts of the request; empty if it had none. */
      parts: components['schemas']['Part'][];
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      sent_at: string;
      sender: components['schemas']['Sender'];
      /** @description By user id. Absent in large conversations. */
      recipient_status?: {
        [key: string]: 'sent' | 'read';
      };
      /** @description Whether it is unread for the user. Only where a user's messages are read. */
      is_unread?: boolean;
    };
    ConversationLink: {
      /** Format: uri */
      id: string;
      /** Format: uri */
      url: string;
    };
    SendUserMessageRequest: {
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of at least one part, {"body": "…", "mime_type": "…"}. It is returned, and not stored. */
      parts?: components['schemas']['Part'][];
      notification?: components['schemas']['NotificationContent'];
      /** @description A list of user ids of participants. */
      mentions?: string[];
      /** @description true or false: whether the message is silent, so that it counts for no user. */
      silent?: boolean;
    };
    CreateMessageReceiptRequest: {
      /**
       * @description "read", or "delivery", which changes no count.
       * @enum {string}
       */
      type: 'read' | 'delivery';
    };
    CreateOwnMessageReceiptRequest: {
      /**
       * @description "read", or "delivery", which changes no count.
       * @enum {string}
       */
      type: 'read' | 'delivery';
    };
    CreateAnnouncementReceiptRequest: {
      /**
       * @description "read", or "delivery", which changes no count.
       * @enum {string}
       */
      type: 'read' | 'delivery';
    };
    CreateOwnAnnouncementReceiptRequest: {
      /**
       * @description "read", or "delivery", which changes no count.
       * @enum {string}
       */
      type: 'read' | 'delivery';
    };
    CreateAnnouncementRequest: {
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of user ids, or "everyone". */
      recipients: string[] | 'everyone';
      sender?: components['schemas']['NewSender'];
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      sender_id?: string;
      /** @description A list of at least one part, {"body": "…", "mime_type": "…"}. It is returned, and not stored. */
      parts?: components['schemas']['Part'][];
      notification?: components['schemas']['NotificationContent'];
    };
    Announcement: {
      /** Format: uri */
      id: string;
      /** Format: uri */
      url: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      sent_at: string;
      /** @description A list of user ids, or "everyone". */
      recipients: string[] | 'everyone';
      sender: components['schemas']['Sender'];
      /** @description The parts of the request; empty if it had none. */
      parts: components['schemas']['Part'][];
    };
    CreateNotificationRequest: {
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of user ids. */
      recipients: string[];
      notification: components['schemas']['NotificationContent'];
    };
    SentNotification: {
      /** Format: uri */
      id: string;
      recipients: string[];
    };
    RegisterPushTokenRequest: {
      /** @description An id of your choice: 1 to 255 bytes, unique in the app. */
      device_id: string;
      /**
       * @description One of apns, fcm, gcm, webpush; gcm is another name of fcm.
       * @enum {string}
       */
      type: 'apns' | 'fcm' | 'gcm' | 'webpush';
      /** @description A string: the device token from APNs or FCM. */
      token?: string;
      /** @description A bundle id; required with apns. */
      apns_bundle_id?: string;
      /**
       * @description production (the default) or development.
       * @enum {string}
       */
      apns_environment?: 'production' | 'development';
      /** @description A string. FCM no longer uses it. */
      gcm_sender_id?: string;
      subscription?: components['schemas']['PushSubscriptionJson'];
    };
    /** @description An object, required with webpush: the result of pushManager.subscribe(), as JSON. */
    PushSubscriptionJson: {
      /** @description A URL of a push service. */
      endpoint: string;
      /** @description An object: {"p256dh": "…", "auth": "…"}. */
      keys: {
        /** @description A P-256 public key, base64url. */
        p256dh: string;
        /** @description 16 bytes, base64url. */
        auth: string;
      };
    };
    Device: {
      device_id: string;
      /** @enum {string} */
      type: 'apns' | 'fcm' | 'webpush';
      apns_bundle_id?: string;
      /**
       * @description production (the default) or development.
       * @enum {string}
       */
      apns_environment?: 'production' | 'development';
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      registered_at: string;
      /** @description The last badge that was delivered to the device; null if it is unknown. */
      badge: number | null;
      /**
       * Format: date-time
       * @description The time of the last delivered badge.
       */
      badge_accepted_at: string | null;
      /**
       * Format: date-time
       * @description Only while the current badge is held back: when it is sent. FCM delays frequent pushes of a badge alone. The next alert carries it at once.
       */
      badge_held_back_until?: string;
    };
    RegisterOwnPushTokenRequest: {
      /** @description An id of your choice: 1 to 255 bytes, unique in the app. */
      device_id: string;
      /**
       * @description One of apns, fcm, gcm, webpush; gcm is another name of fcm.
       * @enum {string}
       */
      type: 'apns' | 'fcm' | 'gcm' | 'webpush';
      /** @description A string: the device token from APNs or FCM. */
      token?: string;
      /** @description A bundle id; required with apns. */
      apns_bundle_id?: string;
      /**
       * @description production (the default) or development.
       * @enum {string}
       */
      apns_environment?: 'production' | 'development';
      /** @description A string. FCM no longer uses it. */
      gcm_sender_id?: string;
      subscription?: components['schemas']['PushSubscriptionJson'];
    };
    CreateBlockRequest: {
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
    };
    BlockedUser: {
      user_id: string;
    };
    CreateUserTokenRequest: {
      /** @description A whole number of seconds, up to 2592000. */
      expires_in?: number;
    };
    UserToken: {
      /** @description A signed JWT. */
      access_token: string;
      /** @constant */
      token_type: 'bearer';
      /** @description The lifetime of the token, in seconds. */
      expires_in: number;
    };
    CreateAppRequest: {
      /** @description A display name of the app. */
      name: string;
      badge_mode?: components['schemas']['BadgeMode'];
      /** @description true or false: whether unread announcements count in the badge. */
      include_announcements?: boolean;
      /** @description A domain name, such as chat.example.com. */
      jabber_domain?: string;
    };
    NewApp: {
      /** Format: uuid */
      id: string;
      name: string;
      badge_mode: components['schemas']['BadgeMode'];
      include_announcements: boolean;
      jabber_domain: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
      /** @description The first token. It is shown only in this response. */
      token: string;
    };
    App: {
      /** Format: uuid */
      id: string;
      name: string;
      badge_mode: components['schemas']['BadgeMode'];
      include_announcements: boolean;
      jabber_domain: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
    };
    ChangeAppRequest: {
      /** @description A display name of the app. */
      name?: string;
      badge_mode?: components['schemas']['BadgeMode'];
      /** @description true or false: whether unread announcements count in the badge. */
      include_announcements?: boolean;
      /** @description A domain name, such as chat.example.com. */
      jabber_domain?: string;
    };
    AppSetup: {
      /** @description Whether the app has a login page. */
      login: boolean;
      /** @description The platforms that the app has push credentials for. */
      push: ('apns' | 'fcm' | 'webpush')[];
    };
    CreateTokenRequest: {
      /** @description A display name of the token. */
      label?: string;
    };
    NewAppToken: {
      /** Format: uuid */
      id: string;
      label: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
      /** @description The token. It is shown only in this response. */
      token: string;
    };
    AppToken: {
      /** Format: uuid */
      id: string;
      label: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
    };
    SetApnsCredentialsRequest: {
      /** @description The id of the key, 10 characters. */
      key_id: string;
      /** @description The id of the team, 10 characters. */
      team_id: string;
      /** @description A string: the .p8 file from Apple. */
      private_key: string;
    };
    ApnsCredentials: {
      key_id: string;
      team_id: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      updated_at: string;
      health: components['schemas']['PushHealth'];
    };
    PushHealth: {
      /**
       * @description Unless it is ok, push delivery is paused: the provider does not respond, or refuses these credentials.
       * @enum {string}
       */
      state: 'ok' | 'unreachable' | 'misconfigured';
      /** @description The reason that the provider returned. */
      reason: string | null;
      /** Format: date-time */
      since: string | null;
      /** Format: date-time */
      next_try_at: string | null;
    };
    TestApnsRequest: {
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The id of a device of that user. */
      device_id: string;
      /** @description The title of the push. */
      title?: string;
      /** @description The text of the push. */
      text?: string;
    };
    TestedPush: {
      /**
       * @description gone: the provider no longer knows the push target. rejected: it refused this push. misconfigured: it refused the credentials.
       * @enum {string}
       */
      verdict: 'delivered' | 'retry' | 'gone' | 'rejected' | 'misconfigured';
      /** @description The reason that the provider returned; null if it accepted the push. */
      reason: string | null;
      /** @description The number in the push; null where badges are disabled. */
      badge: number | null;
    };
    SetFcmCredentialsRequest: {
      /** @description The id of the Firebase project. */
      project_id: string;
      /** @description The email address of the service account. */
      client_email: string;
      /** @description A string: the RSA key of the service account. */
      private_key: string;
      /** @description The id of that key. */
      private_key_id?: string;
      /** @description Not used. */
      type?: unknown;
      /** @description Not used. */
      client_id?: unknown;
      /** @description Not used. */
      auth_uri?: unknown;
      /** @description Not used. */
      token_uri?: unknown;
      /** @description Not used. */
      auth_provider_x509_cert_url?: unknown;
      /** @description Not used. */
      client_x509_cert_url?: unknown;
      /** @description Not used. */
      universe_domain?: unknown;
    };
    FcmCredentials: {
      project_id: string;
      client_email: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      updated_at: string;
      health: components['schemas']['PushHealth'];
    };
    TestFcmRequest: {
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The id of a device of that user. */
      device_id: string;
      /** @description The title of the push. */
      title?: string;
      /** @description The text of the push. */
      text?: string;
    };
    SetWebpushCredentialsRequest: {
      /** @description A mailto: or https: URL for contacting you. */
      subject: string;
      /** @description An absolute URL that a click on a notification opens. */
      navigate: string;
      /** @description A string: a VAPID public key, base64url. */
      public_key?: string;
      /** @description A string: the VAPID private key that belongs to it, base64url. */
      private_key?: string;
    };
    WebPushCredentials: {
      /** @description The applicationServerKey that a page passes to pushManager.subscribe(). */
      public_key: string;
      subject: string;
      navigate: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      updated_at: string;
      health: components['schemas']['PushHealth'];
    };
    TestWebpushRequest: {
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The id of a device of that user. */
      device_id: string;
      /** @description The title of the push. */
      title?: string;
      /** @description The text of the push. */
      text?: string;
    };
    CreateOauthClientRequest: {
      /** @description A display name of the client. */
      name: string;
      /** @description A list of authorization_code, refresh_token, client_credentials and, for old programs only, implicit. */
      grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials' | 'implicit')[];
      /** @description A list of URLs, each compared character for character. */
      redirect_uris?: string[];
      /** @description The user that its client credentials act for; null if they act for no user. */
      user_id?: string | null;
      /** @description true or false: whether it can store a secret, as a web server can. */
      confidential?: boolean;
    };
    NewOAuthClient: {
      id: string;
      name: string;
      grant_types: string[];
      redirect_uris: string[];
      /** @description The user that its client credentials act for; null if they act for no user. */
      user_id: string | null;
      confidential: boolean;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
      /** @description The secret, shown only in this response; null for a client that cannot store one. */
      secret: string | null;
    };
    OAuthClient: {
      id: string;
      name: string;
      grant_types: string[];
      redirect_uris: string[];
      /** @description The user that its client credentials act for; null if they act for no user. */
      user_id: string | null;
      confidential: boolean;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      created_at: string;
    };
    ChangeOauthClientRequest: {
      /** @description A display name of the client. */
      name?: string;
      /** @description A list of authorization_code, refresh_token, client_credentials and, for old programs only, implicit. */
      grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials' | 'implicit')[];
      /** @description A list of URLs, each compared character for character. */
      redirect_uris?: string[];
      /** @description The user that its client credentials act for; null if they act for no user. */
      user_id?: string | null;
    };
    SetLoginRequest: {
      /** @description The https URL of the login page. */
      url: string;
      /** @description A list of public JWKs, RSA or EC on P-256. */
      keys: {
        [key: string]: unknown;
      }[];
    };
    Login: {
      /** @description The URL that users are sent to for signing in. */
      url: string;
      /** @description Public JWKs. */
      keys: {
        [key: string]: string;
      }[];
      /** @description The audience (aud) that identity tokens must have. */
      audience: string;
    };
    SignInRequest: {
      /** @description The admin token. */
      token?: string;
      /** @description Instead of the token: the code of the sign-in link that the server printed. It can be used once. */
      code?: string;
    };
    DashboardSession: {
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      expires_at: string;
      /** @description The version of the server. */
      version: string;
    };
    Overview: {
      /** @description The servers that are alive, as they reported in the last seconds. */
      servers: components['schemas']['OverviewServer'][];
      /**
       * Format: date-time
       * @description When this process started.
       */
      started_at: string;
      /** @description The number of apps. */
      apps: number;
      /** @description Apps and platforms whose push delivery is paused. */
      resting_push_transports: number;
      /** @description The ones paused for longest, at most 10. */
      resting: components['schemas']['PausedPushes'][];
      /** @description The interval between two samples, in seconds. */
      interval_seconds: number;
      /** @description Oldest first, the last 360. They cover this process only and are lost at a restart. Use /metrics to store values, to set alerts, or to add up several processes. */
      samples: components['schemas']['OverviewSample'][];
    };
    OverviewServer: {
      /** @description Another one after each start. */
      id: string;
      /** @description Whether it is the one that responded. */
      is_this: boolean;
      version: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      started_at: string;
      /** @description Events of the apps in its memory that it had not applied yet. */
      events_behind: number;
      /** @description Apps and platforms whose push delivery is paused on it. */
      paused_push_transports: number;
    };
    PausedPushes: {
      /** @description The UUID of the app. */
      app_id: string;
      app_name: string;
      /** @enum {string} */
      platform: 'apns' | 'fcm' | 'webpush';
      /**
       * @description The provider does not respond, or refuses the credentials.
       * @enum {string}
       */
      kind: 'unreachable' | 'misconfigured';
      /** @description The reason that the provider returned. */
      reason: string;
      /**
       * Format: date-time
       * @description A time in UTC (ISO 8601).
       */
      since: string;
    };
    OverviewSample: {
      /**
       * Format: date-time
       * @description The end of the interval.
       */
      at: string;
      /** @description Requests per second, without open streams. */
      requests_per_second: number;
      /** @description Responses per second with a status of 400 to 499. */
      refused_per_second: number;
      /** @description Responses per second with a status of 500 or above. */
      errors_per_second: number;
      /** @description The median response time. In milliseconds, interpolated within its bucket of /metrics; 5000 means 5000 or more; null if there was no response. */
      latency_p50_ms: number | null;
      /** @description The 99th percentile of the response time. In milliseconds, interpolated within its bucket of /metrics; 5000 means 5000 or more; null if there was no response. */
      latency_p99_ms: number | null;
      /** @description Alerts in flight at the end of the interval: not yet delivered or given up for all of their devices. */
      outbox_depth: number;
      /** @description Live streams open at the end of the interval. */
      open_streams: number;
      pushes_per_second: components['schemas']['PushRates'];
    };
    /** @description Pushes per second by outcome. */
    PushRates: {
      /** @description Accepted by the provider. */
      delivered: number;
      /** @description Only logged, since the app has no credentials for the platform. */
      logged: number;
      /** @description To be retried: the provider did not respond, or asked for a retry. */
      retry: number;
      /** @description The provider no longer knows the push target. */
      gone: number;
      /** @description The provider refused this push. */
      rejected: number;
      /** @description The provider refused the app's credentials. */
      misconfigured: number;
    };
    /** @description One operation of a batch, with its name. */
    BatchOperation:
      | components['schemas']['SetBadgeOperation']
      | components['schemas']['SetExternalCountOperation']
      | components['schemas']['DeleteExternalCountOperation']
      | components['schemas']['SetBadgesOperation']
      | components['schemas']['ReadBadgesOperation']
      | components['schemas']['CreateConversationOperation']
      | components['schemas']['ChangeConversationOperation']
      | components['schemas']['DeleteConversationOperation']
      | components['schemas']['MarkAllReadOperation']
      | components['schemas']['MarkUnreadOperation']
      | components['schemas']['SetNotificationsOperation']
      | components['schemas']['SendMessageOperation']
      | components['schemas']['DeleteMessageOperation']
      | components['schemas']['CreateMessageReceiptOperation']
      | components['schemas']['CreateAnnouncementReceiptOperation']
      | components['schemas']['CreateAnnouncementOperation']
      | components['schemas']['CreateNotificationOperation']
      | components['schemas']['RegisterPushTokenOperation']
      | components['schemas']['UnregisterPushTokenOperation']
      | components['schemas']['CreateBlockOperation']
      | components['schemas']['DeleteBlockOperation']
      | components['schemas']['ChangeBlocksOperation'];
    /** @description Set a user's external count. */
    SetBadgeOperation: {
      /** @constant */
      operation: 'set_badge';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description A whole number from 0 to 2147483647. */
      external_unread_count: number;
    };
    /** @description Set a named external count. */
    SetExternalCountOperation: {
      /** @constant */
      operation: 'set_external_count';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The name of an external count. */
      name: string;
      /** @description A whole number from 0 to 2147483647. */
      count: number;
    };
    /** @description Remove a named external count. */
    DeleteExternalCountOperation: {
      /** @constant */
      operation: 'delete_external_count';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The name of an external count. */
      name: string;
    };
    /** @description Set the external counts of up to 1000 users. */
    SetBadgesOperation: {
      /** @constant */
      operation: 'set_badges';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description An object of external counts by user id, such as {"a": 12, "b": 0}. */
      users?: {
        [key: string]: number;
      };
      /** @description Reads the badges of these users. For older clients: use read_badges instead. */
      user_ids?: string[];
    };
    /** @description Read the badges of up to 1000 users. */
    ReadBadgesOperation: {
      /** @constant */
      operation: 'read_badges';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A list of user ids. */
      user_ids: string[];
    };
    /** @description Create a conversation, or return the existing distinct conversation of these participants. */
    CreateConversationOperation: {
      /** @constant */
      operation: 'create_conversation';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description An id of your choice, such as room-42: any text of 1 to 255 bytes. A retry with the same id returns the same conversation. Default: a new UUID. */
      id?: string;
      /** @description A list of user ids. */
      participants: string[];
      /** @description true or false: whether these participants have at most one distinct conversation. */
      distinct?: boolean;
      /** @description An object whose values are strings, or objects of the same form. */
      metadata?: {
        [key: string]: unknown;
      } | null;
    };
    /** @description Change the participants and the metadata of a conversation. */
    ChangeConversationOperation: {
      /** @constant */
      operation: 'change_conversation';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
      /** @description A list of at most 100 operations. */
      operations: components['schemas']['PatchOperation'][];
    };
    /** @description Delete a conversation for all participants. */
    DeleteConversationOperation: {
      /** @constant */
      operation: 'delete_conversation';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
    };
    /** @description Mark messages as read, up to a position or to the last message. */
    MarkAllReadOperation: {
      /** @constant */
      operation: 'mark_all_read';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
      /** @description A message's position in its conversation: a whole number up to 4294967295. */
      position?: number;
    };
    /** @description Mark all messages from a position on as unread. */
    MarkUnreadOperation: {
      /** @constant */
      operation: 'mark_unread';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
      /** @description A message's position in its conversation: a whole number up to 4294967295. */
      position: number;
    };
    /** @description Set which messages of a conversation count in the badge and are pushed. */
    SetNotificationsOperation: {
      /** @constant */
      operation: 'set_notifications';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
      level: components['schemas']['NotificationLevel'];
      /** @description An ISO 8601 time with a zone, or null. */
      muted_until?: string | null;
    };
    /** @description Send a message to a conversation. */
    SendMessageOperation: {
      /** @constant */
      operation: 'send_message';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
      sender?: components['schemas']['NewSender'];
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      sender_id?: string;
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of at least one part, {"body": "…", "mime_type": "…"}. It is returned, and not stored. */
      parts?: components['schemas']['Part'][];
      notification?: components['schemas']['NotificationContent'];
      /** @description A list of user ids of participants. */
      mentions?: string[];
      /** @description true or false: whether the message is silent, so that it counts for no user. */
      silent?: boolean;
    };
    /** @description Delete a message for all participants. */
    DeleteMessageOperation: {
      /** @constant */
      operation: 'delete_message';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded. */
      conversation_id: string;
      /** @description The UUID of a message, or layer:///messages/UUID. */
      message_id: string;
    };
    /** @description Record that a user read or received a message. */
    CreateMessageReceiptOperation: {
      /** @constant */
      operation: 'create_message_receipt';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The UUID of a message, or layer:///messages/UUID. */
      message_id: string;
      /**
       * @description "read", or "delivery", which changes no count.
       * @enum {string}
       */
      type: 'read' | 'delivery';
    };
    /** @description Record that a user read or received an announcement. */
    CreateAnnouncementReceiptOperation: {
      /** @constant */
      operation: 'create_announcement_receipt';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description The UUID of an announcement, or layer:///announcements/UUID. */
      announcement_id: string;
      /**
       * @description "read", or "delivery", which changes no count.
       * @enum {string}
       */
      type: 'read' | 'delivery';
    };
    /** @description Send an announcement to a list of users, or to everyone. */
    CreateAnnouncementOperation: {
      /** @constant */
      operation: 'create_announcement';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of user ids, or "everyone". */
      recipients: string[] | 'everyone';
      sender?: components['schemas']['NewSender'];
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      sender_id?: string;
      /** @description A list of at least one part, {"body": "…", "mime_type": "…"}. It is returned, and not stored. */
      parts?: components['schemas']['Part'][];
      notification?: components['schemas']['NotificationContent'];
    };
    /** @description Push a notification to a list of users, with their badges. */
    CreateNotificationOperation: {
      /** @constant */
      operation: 'create_notification';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A UUID of your choice, or its URI. A retry with the same id returns the same resource. */
      id?: string;
      /** @description A list of user ids. */
      recipients: string[];
      notification: components['schemas']['NotificationContent'];
    };
    /** @description Register a device. If another user had it, it moves to this user; with a user token, only if the push token is the same. */
    RegisterPushTokenOperation: {
      /** @constant */
      operation: 'register_push_token';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description An id of your choice: 1 to 255 bytes, unique in the app. */
      device_id: string;
      /**
       * @description One of apns, fcm, gcm, webpush; gcm is another name of fcm.
       * @enum {string}
       */
      type: 'apns' | 'fcm' | 'gcm' | 'webpush';
      /** @description A string: the device token from APNs or FCM. */
      token?: string;
      /** @description A bundle id; required with apns. */
      apns_bundle_id?: string;
      /**
       * @description production (the default) or development.
       * @enum {string}
       */
      apns_environment?: 'production' | 'development';
      /** @description A string. FCM no longer uses it. */
      gcm_sender_id?: string;
      subscription?: components['schemas']['PushSubscriptionJson'];
    };
    /** @description Unregister a device. Its badge is cleared, and it gets no more pushes. */
    UnregisterPushTokenOperation: {
      /** @constant */
      operation: 'unregister_push_token';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
      /** @description An id of your choice: 1 to 255 bytes, unique in the app. */
      device_id: string;
    };
    /** @description Block a user. */
    CreateBlockOperation: {
      /** @constant */
      operation: 'create_block';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      owner_id: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
    };
    /** @description Unblock a user. */
    DeleteBlockOperation: {
      /** @constant */
      operation: 'delete_block';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      owner_id: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      user_id: string;
    };
    /** @description Change the list of users that a user blocks. */
    ChangeBlocksOperation: {
      /** @constant */
      operation: 'change_blocks';
      /** @description A UUID. A retry with the same one takes effect once, as with If-None-Match. */
      request_id?: string;
      /** @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded. */
      owner_id: string;
      /** @description A list of at most 100 operations. */
      operations: components['schemas']['PatchOperation'][];
    };
    /** @description The result of one operation of a batch. */
    BatchResult: {
      /** @description The HTTP status of the operation. */
      status: number;
      /** @description The body of the response, or the error. */
      body?: unknown;
    };
  };
  responses: {
    /** @description The request was refused. The error says why, and what to do. */
    ClientError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "id": "not_found",
         *       "code": 102,
         *       "message": "There is no conversation with this id.",
         *       "url": "https://badges.example.com/errors/not_found",
         *       "data": {}
         *     }
         */
        'application/json': components['schemas']['Error'];
      };
    };
    /** @description The service failed, or is unavailable. A retry may succeed. */
    ServerError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "id": "service_unavailable",
         *       "code": 1,
         *       "message": "The service cannot reach its store at the moment. Try again in a moment.",
         *       "url": "https://badges.example.com/errors/service_unavailable",
         *       "data": {}
         *     }
         */
        'application/json': components['schemas']['Error'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type Badge = components['schemas']['Badge'];
export type BadgeMode = components['schemas']['BadgeMode'];
export type UnreadConversation = components['schemas']['UnreadConversation'];
export type NotificationLevel = components['schemas']['NotificationLevel'];
export type Error = components['schemas']['Error'];
export type SetBadgeRequest = components['schemas']['SetBadgeRequest'];
export type PostBadgeRequest = components['schemas']['PostBadgeRequest'];
export type PatchOperation = components['schemas']['PatchOperation'];
export type ExplainedBadge = components['schemas']['ExplainedBadge'];
export type BadgeItem = components['schemas']['BadgeItem'];
export type ExplainedConversation = components['schemas']['ExplainedConversation'];
export type SetExternalCountRequest = components['schemas']['SetExternalCountRequest'];
export type SetBadgesRequest = components['schemas']['SetBadgesRequest'];
export type Badges = components['schemas']['Badges'];
export type BadgeCounts = components['schemas']['BadgeCounts'];
export type ReadBadgesRequest = components['schemas']['ReadBadgesRequest'];
export type CreateConversationRequest = components['schemas']['CreateConversationRequest'];
export type Conversation = components['schemas']['Conversation'];
export type ParticipantId = components['schemas']['ParticipantId'];
export type UserConversation = components['schemas']['UserConversation'];
export type LastMessage = components['schemas']['LastMessage'];
export type Sender = components['schemas']['Sender'];
export type NotificationSettings = components['schemas']['NotificationSettings'];
export type MarkAllReadRequest = components['schemas']['MarkAllReadRequest'];
export type MarkUnreadRequest = components['schemas']['MarkUnreadRequest'];
export type SetNotificationsRequest = components['schemas']['SetNotificationsRequest'];
export type SendMessageRequest = components['schemas']['SendMessageRequest'];
export type NewSender = components['schemas']['NewSender'];
export type Part = components['schemas']['Part'];
export type NotificationContent = components['schemas']['NotificationContent'];
export type NotificationRecipient = components['schemas']['NotificationRecipient'];
export type NotificationTexts = components['schemas']['NotificationTexts'];
export type Message = components['schemas']['Message'];
export type ConversationLink = components['schemas']['ConversationLink'];
export type SendUserMessageRequest = components['schemas']['SendUserMessageRequest'];
export type CreateMessageReceiptRequest = components['schemas']['CreateMessageReceiptRequest'];
export type CreateOwnMessageReceiptRequest = components['schemas']['CreateOwnMessageReceiptRequest'];
export type CreateAnnouncementReceiptRequest = components['schemas']['CreateAnnouncementReceiptRequest'];
export type CreateOwnAnnouncementReceiptRequest =
  components['schemas']['CreateOwnAnnouncementReceiptRequest'];
export type CreateAnnouncementRequest = components['schemas']['CreateAnnouncementRequest'];
export type Announcement = components['schemas']['Announcement'];
export type CreateNotificationRequest = components['schemas']['CreateNotificationRequest'];
export type SentNotification = components['schemas']['SentNotification'];
export type RegisterPushTokenRequest = components['schemas']['RegisterPushTokenRequest'];
export type PushSubscriptionJson = components['schemas']['PushSubscriptionJson'];
export type Device = components['schemas']['Device'];
export type RegisterOwnPushTokenRequest = components['schemas']['RegisterOwnPushTokenRequest'];
export type CreateBlockRequest = components['schemas']['CreateBlockRequest'];
export type BlockedUser = components['schemas']['BlockedUser'];
export type CreateUserTokenRequest = components['schemas']['CreateUserTokenRequest'];
export type UserToken = components['schemas']['UserToken'];
export type CreateAppRequest = components['schemas']['CreateAppRequest'];
export type NewApp = components['schemas']['NewApp'];
export type App = components['schemas']['App'];
export type ChangeAppRequest = components['schemas']['ChangeAppRequest'];
export type AppSetup = components['schemas']['AppSetup'];
export type CreateTokenRequest = components['schemas']['CreateTokenRequest'];
export type NewAppToken = components['schemas']['NewAppToken'];
export type AppToken = components['schemas']['AppToken'];
export type SetApnsCredentialsRequest = components['schemas']['SetApnsCredentialsRequest'];
export type ApnsCredentials = components['schemas']['ApnsCredentials'];
export type PushHealth = components['schemas']['PushHealth'];
export type TestApnsRequest = components['schemas']['TestApnsRequest'];
export type TestedPush = components['schemas']['TestedPush'];
export type SetFcmCredentialsRequest = components['schemas']['SetFcmCredentialsRequest'];
export type FcmCredentials = components['schemas']['FcmCredentials'];
export type TestFcmRequest = components['schemas']['TestFcmRequest'];
export type SetWebpushCredentialsRequest = components['schemas']['SetWebpushCredentialsRequest'];
export type WebPushCredentials = components['schemas']['WebPushCredentials'];
export type TestWebpushRequest = components['schemas']['TestWebpushRequest'];
export type CreateOauthClientRequest = components['schemas']['CreateOauthClientRequest'];
export type NewOAuthClient = components['schemas']['NewOAuthClient'];
export type OAuthClient = components['schemas']['OAuthClient'];
export type ChangeOauthClientRequest = components['schemas']['ChangeOauthClientRequest'];
export type SetLoginRequest = components['schemas']['SetLoginRequest'];
export type Login = components['schemas']['Login'];
export type SignInRequest = components['schemas']['SignInRequest'];
export type DashboardSession = components['schemas']['DashboardSession'];
export type Overview = components['schemas']['Overview'];
export type OverviewServer = components['schemas']['OverviewServer'];
export type PausedPushes = components['schemas']['PausedPushes'];
export type OverviewSample = components['schemas']['OverviewSample'];
export type PushRates = components['schemas']['PushRates'];
export type BatchOperation = components['schemas']['BatchOperation'];
export type SetBadgeOperation = components['schemas']['SetBadgeOperation'];
export type SetExternalCountOperation = components['schemas']['SetExternalCountOperation'];
export type DeleteExternalCountOperation = components['schemas']['DeleteExternalCountOperation'];
export type SetBadgesOperation = components['schemas']['SetBadgesOperation'];
export type ReadBadgesOperation = components['schemas']['ReadBadgesOperation'];
export type CreateConversationOperation = components['schemas']['CreateConversationOperation'];
export type ChangeConversationOperation = components['schemas']['ChangeConversationOperation'];
export type DeleteConversationOperation = components['schemas']['DeleteConversationOperation'];
export type MarkAllReadOperation = components['schemas']['MarkAllReadOperation'];
export type MarkUnreadOperation = components['schemas']['MarkUnreadOperation'];
export type SetNotificationsOperation = components['schemas']['SetNotificationsOperation'];
export type SendMessageOperation = components['schemas']['SendMessageOperation'];
export type DeleteMessageOperation = components['schemas']['DeleteMessageOperation'];
export type CreateMessageReceiptOperation = components['schemas']['CreateMessageReceiptOperation'];
export type CreateAnnouncementReceiptOperation = components['schemas']['CreateAnnouncementReceiptOperation'];
export type CreateAnnouncementOperation = components['schemas']['CreateAnnouncementOperation'];
export type CreateNotificationOperation = components['schemas']['CreateNotificationOperation'];
export type RegisterPushTokenOperation = components['schemas']['RegisterPushTokenOperation'];
export type UnregisterPushTokenOperation = components['schemas']['UnregisterPushTokenOperation'];
export type CreateBlockOperation = components['schemas']['CreateBlockOperation'];
export type DeleteBlockOperation = components['schemas']['DeleteBlockOperation'];
export type ChangeBlocksOperation = components['schemas']['ChangeBlocksOperation'];
export type BatchResult = components['schemas']['BatchResult'];
export type ResponseClientError = components['responses']['ClientError'];
export type ResponseServerError = components['responses']['ServerError'];
export type $defs = Record<string, never>;
export interface operations {
  get_badge: {
    parameters: {
      query?: {
        /**
         * @description true adds the list of unread conversations, consistent with the badge; otherwise false.
         * @example true
         */
        conversations?: boolean;
      };
      header?: {
        /** @description The ETag of an earlier response. */
        'if-none-match'?: string;
        /** @description For a stream: the id of the last received event. */
        'last-event-id'?: string;
      };
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "external_unread_count": 3,
           *       "unread_conversation_count": 1,
           *       "unread_message_count": 2,
           *       "unread_announcement_count": 1,
           *       "badge": 6,
           *       "badge_mode": "unread_messages",
           *       "conversations": [
           *         {
           *           "id": "layer:///conversations/room-42",
           *           "unread_message_count": 2,
           *           "badge_count": 2,
           *           "last_position": 2,
           *           "level": "all",
           *           "muted_until": null
           *         }
           *       ],
           *       "more_conversations": false
           *     }
           */
          'application/json': components['schemas']['Badge'];
        };
      };
      /** @description The response is the same as the one with this ETag. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_badge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_unread_count": 12
         *     }
         */
        'application/json': components['schemas']['SetBadgeRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  post_badge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "external_unread_count": 12
         *     }
         */
        'application/json': components['schemas']['PostBadgeRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  patch_badge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    /** @description A list of at most 100 operations. */
    requestBody: {
      content: {
        /**
         * @example [
         *       {
         *         "operation": "set",
         *         "property": "external_unread_count",
         *         "value": 12
         *       }
         *     ]
         */
        'application/json': components['schemas']['PatchOperation'][];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  explain_badge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "external_unread_count": 3,
           *       "unread_conversation_count": 1,
           *       "unread_message_count": 2,
           *       "unread_announcement_count": 1,
           *       "badge": 6,
           *       "badge_mode": "unread_messages",
           *       "include_announcements": true,
           *       "summary": "The badge adds up unread messages, external counts and unread announcements: 3 + 1 + 2 = 6.",
           *       "items": [
           *         {
           *           "kind": "external",
           *           "of": "tasks",
           *           "adds": 3,
           *           "because": "The app set the external count \"tasks\" to 3."
           *         },
           *         {
           *           "kind": "announcements",
           *           "of": "",
           *           "adds": 1,
           *           "because": "1 unread announcement."
           *         },
           *         {
           *           "kind": "conversation",
           *           "of": "layer:///conversations/room-42",
           *           "adds": 2,
           *           "because": "2 unread messages (1 to 2)."
           *         }
           *       ],
           *       "external": {
           *         "tasks": 3
           *       },
           *       "announcements": [
           *         "layer:///announcements/b1d9c7e2-4f38-4a6b-9e05-7a2c8d1f3b40"
           *       ],
           *       "conversations": [
           *         {
           *           "id": "layer:///conversations/room-42",
           *           "unread_message_count": 2,
           *           "badge_count": 2,
           *           "last_position": 2,
           *           "level": "all",
           *           "muted_until": null,
           *           "joined_position": 0,
           *           "read_position": 0,
           *           "acknowledged": [],
           *           "uncounted": 0
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['ExplainedBadge'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_external_count: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description The name of an external count.
         * @example tasks
         */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "count": 3
         *     }
         */
        'application/json': components['schemas']['SetExternalCountRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_external_count: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description The name of an external count.
         * @example tasks
         */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_badges: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "users": {
         *         "alice": 12,
         *         "bob": 0
         *       }
         *     }
         */
        'application/json': components['schemas']['SetBadgesRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "users": {
           *         "alice": {
           *           "external_unread_count": 3,
           *           "unread_conversation_count": 1,
           *           "unread_message_count": 2,
           *           "unread_announcement_count": 1,
           *           "badge": 6,
           *           "badge_mode": "unread_messages"
           *         },
           *         "zoe": null
           *       }
           *     }
           */
          'application/json': components['schemas']['Badges'];
        };
      };
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  read_badges: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "user_ids": [
         *         "alice",
         *         "zoe"
         *       ]
         *     }
         */
        'application/json': components['schemas']['ReadBadgesRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "users": {
           *         "alice": {
           *           "external_unread_count": 3,
           *           "unread_conversation_count": 1,
           *           "unread_message_count": 2,
           *           "unread_announcement_count": 1,
           *           "badge": 6,
           *           "badge_mode": "unread_messages"
           *         },
           *         "zoe": null
           *       }
           *     }
           */
          'application/json': components['schemas']['Badges'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_conversation: {
    parameters: {
      query?: never;
      header?: {
        /** @description A UUID of your choice. A retry with it returns what the first attempt created. */
        'if-none-match'?: string;
      };
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "id": "room-43",
         *       "participants": [
         *         "alice",
         *         "bob"
         *       ],
         *       "distinct": false,
         *       "metadata": {
         *         "title": "Travel"
         *       }
         *     }
         */
        'application/json': components['schemas']['CreateConversationRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///conversations/room-43",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43",
           *       "messages_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43/messages",
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "participants": [
           *         "alice",
           *         "bob"
           *       ],
           *       "participant_count": 2,
           *       "participants_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43/participants",
           *       "distinct": false,
           *       "metadata": {
           *         "title": "Travel"
           *       }
           *     }
           */
          'application/json': components['schemas']['Conversation'];
        };
      };
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///conversations/room-43",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43",
           *       "messages_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43/messages",
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "participants": [
           *         "alice",
           *         "bob"
           *       ],
           *       "participant_count": 2,
           *       "participants_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43/participants",
           *       "distinct": false,
           *       "metadata": {
           *         "title": "Travel"
           *       }
           *     }
           */
          'application/json': components['schemas']['Conversation'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_conversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///conversations/room-42",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42",
           *       "messages_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages",
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "participants": [
           *         "alice",
           *         "bob",
           *         "carol"
           *       ],
           *       "participant_count": 3,
           *       "participants_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/participants",
           *       "distinct": false,
           *       "metadata": {
           *         "title": "Lunch"
           *       }
           *     }
           */
          'application/json': components['schemas']['Conversation'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_conversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  change_conversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    /** @description A list of at most 100 operations. */
    requestBody: {
      content: {
        /**
         * @example [
         *       {
         *         "operation": "add",
         *         "property": "participants",
         *         "value": "dave"
         *       },
         *       {
         *         "operation": "set",
         *         "property": "metadata.title",
         *         "value": "Dinner"
         *       }
         *     ]
         */
        'application/json': components['schemas']['PatchOperation'][];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_participants: {
    parameters: {
      query?: {
        /**
         * @description A whole number from 1 to 1000. Default: 100.
         * @example 20
         */
        page_size?: number;
        /** @description The id of the last user of the previous page. They need not take part any more. */
        from_id?: string;
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       "alice",
           *       "bob",
           *       "carol"
           *     ]
           */
          'application/json': components['schemas']['ParticipantId'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_user_conversations: {
    parameters: {
      query?: {
        /**
         * @description created_at or last_message.
         * @example last_message
         */
        sort_by?: 'created_at' | 'last_message';
        /**
         * @description true lists only conversations with unread messages.
         * @example true
         */
        unread?: boolean;
        /**
         * @description A whole number from 1 to 100.
         * @example 20
         */
        page_size?: number;
        /** @description The id of the last conversation of the previous page. */
        from_id?: string;
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "layer:///conversations/room-42",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42",
           *         "messages_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages",
           *         "created_at": "2030-01-01T12:00:00.000Z",
           *         "participants": [
           *           "alice",
           *           "bob",
           *           "carol"
           *         ],
           *         "participant_count": 3,
           *         "participants_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42/participants",
           *         "distinct": false,
           *         "metadata": {
           *           "title": "Lunch"
           *         },
           *         "unread_message_count": 2,
           *         "last_message": {
           *           "id": "layer:///messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41",
           *           "position": 2,
           *           "sender": {
           *             "user_id": "carol",
           *             "name": null
           *           },
           *           "sent_at": "2030-01-01T12:00:00.000Z",
           *           "is_unread": true
           *         },
           *         "notifications": {
           *           "level": "all",
           *           "muted_until": null
           *         }
           *       }
           *     ]
           */
          'application/json': components['schemas']['UserConversation'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_user_conversation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///conversations/room-42",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42",
           *       "messages_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages",
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "participants": [
           *         "alice",
           *         "bob",
           *         "carol"
           *       ],
           *       "participant_count": 3,
           *       "participants_url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42/participants",
           *       "distinct": false,
           *       "metadata": {
           *         "title": "Lunch"
           *       },
           *       "unread_message_count": 2,
           *       "last_message": {
           *         "id": "layer:///messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41",
           *         "position": 2,
           *         "sender": {
           *           "user_id": "carol",
           *           "name": null
           *         },
           *         "sent_at": "2030-01-01T12:00:00.000Z",
           *         "is_unread": true
           *       },
           *       "notifications": {
           *         "level": "all",
           *         "muted_until": null
           *       }
           *     }
           */
          'application/json': components['schemas']['UserConversation'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_user_conversation: {
    parameters: {
      query?: {
        /** @description all_participants (the default) or my_devices. */
        mode?: 'all_participants' | 'my_devices';
        /**
         * @description true: the user is no participant any more. Otherwise false.
         * @example true
         */
        leave?: boolean;
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_user_conversation_participants: {
    parameters: {
      query?: {
        /**
         * @description A whole number from 1 to 1000. Default: 100.
         * @example 20
         */
        page_size?: number;
        /** @description The id of the last user of the previous page. They need not take part any more. */
        from_id?: string;
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       "alice",
           *       "bob",
           *       "carol"
           *     ]
           */
          'application/json': components['schemas']['ParticipantId'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  mark_all_read: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "position": 2
         *     }
         */
        'application/json': components['schemas']['MarkAllReadRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  mark_unread: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "position": 1
         *     }
         */
        'application/json': components['schemas']['MarkUnreadRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_notifications: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "level": "mentions",
         *       "muted_until": "2030-01-02T08:00:00Z"
         *     }
         */
        'application/json': components['schemas']['SetNotificationsRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_messages: {
    parameters: {
      query?: {
        /**
         * @description A whole number from 1 to 100.
         * @example 20
         */
        page_size?: number;
        /** @description The id of the last message of the previous page. */
        from_id?: string;
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "layer:///messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41",
           *         "position": 2,
           *         "conversation": {
           *           "id": "layer:///conversations/room-42",
           *           "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *         },
           *         "parts": [],
           *         "sent_at": "2030-01-01T12:00:00.000Z",
           *         "sender": {
           *           "user_id": "carol",
           *           "name": null
           *         },
           *         "recipient_status": {
           *           "alice": "sent",
           *           "bob": "sent",
           *           "carol": "read"
           *         }
           *       },
           *       {
           *         "id": "layer:///messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *         "position": 1,
           *         "conversation": {
           *           "id": "layer:///conversations/room-42",
           *           "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *         },
           *         "parts": [],
           *         "sent_at": "2030-01-01T12:00:00.000Z",
           *         "sender": {
           *           "user_id": "bob",
           *           "name": null
           *         },
           *         "recipient_status": {
           *           "alice": "sent",
           *           "bob": "read",
           *           "carol": "sent"
           *         }
           *       }
           *     ]
           */
          'application/json': components['schemas']['Message'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  send_message: {
    parameters: {
      query?: never;
      header?: {
        /** @description A UUID of your choice. A retry with it returns what the first attempt created. */
        'if-none-match'?: string;
      };
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "id": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
         *       "sender": {
         *         "user_id": "bob"
         *       },
         *       "parts": [
         *         {
         *           "body": "Lunch at one?",
         *           "mime_type": "text/plain"
         *         }
         *       ],
         *       "notification": {
         *         "title": "Bob",
         *         "text": "Lunch at one?"
         *       },
         *       "mentions": [
         *         "alice"
         *       ]
         *     }
         */
        'application/json': components['schemas']['SendMessageRequest'];
      };
    };
    responses: {
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
           *       "position": 3,
           *       "conversation": {
           *         "id": "layer:///conversations/room-42",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *       },
           *       "parts": [
           *         {
           *           "body": "Lunch at one?",
           *           "mime_type": "text/plain"
           *         }
           *       ],
           *       "sent_at": "2030-01-01T12:00:00.000Z",
           *       "sender": {
           *         "user_id": "bob",
           *         "name": null
           *       },
           *       "recipient_status": {
           *         "alice": "sent",
           *         "bob": "read",
           *         "carol": "sent"
           *       }
           *     }
           */
          'application/json': components['schemas']['Message'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_message: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *       "position": 1,
           *       "conversation": {
           *         "id": "layer:///conversations/room-42",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *       },
           *       "parts": [],
           *       "sent_at": "2030-01-01T12:00:00.000Z",
           *       "sender": {
           *         "user_id": "bob",
           *         "name": null
           *       },
           *       "recipient_status": {
           *         "alice": "sent",
           *         "bob": "read",
           *         "carol": "sent"
           *       }
           *     }
           */
          'application/json': components['schemas']['Message'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_message: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_user_messages: {
    parameters: {
      query?: {
        /**
         * @description A whole number from 1 to 100.
         * @example 20
         */
        page_size?: number;
        /** @description The id of the last message of the previous page. */
        from_id?: string;
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "layer:///messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41",
           *         "position": 2,
           *         "conversation": {
           *           "id": "layer:///conversations/room-42",
           *           "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *         },
           *         "parts": [],
           *         "sent_at": "2030-01-01T12:00:00.000Z",
           *         "sender": {
           *           "user_id": "carol",
           *           "name": null
           *         },
           *         "recipient_status": {
           *           "alice": "sent",
           *           "bob": "sent",
           *           "carol": "read"
           *         },
           *         "is_unread": true
           *       },
           *       {
           *         "id": "layer:///messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *         "position": 1,
           *         "conversation": {
           *           "id": "layer:///conversations/room-42",
           *           "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *         },
           *         "parts": [],
           *         "sent_at": "2030-01-01T12:00:00.000Z",
           *         "sender": {
           *           "user_id": "bob",
           *           "name": null
           *         },
           *         "recipient_status": {
           *           "alice": "sent",
           *           "bob": "read",
           *           "carol": "sent"
           *         },
           *         "is_unread": true
           *       }
           *     ]
           */
          'application/json': components['schemas']['Message'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  send_user_message: {
    parameters: {
      query?: never;
      header?: {
        /** @description A UUID of your choice. A retry with it returns what the first attempt created. */
        'if-none-match'?: string;
      };
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "id": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
         *       "parts": [
         *         {
         *           "body": "At the usual place?",
         *           "mime_type": "text/plain"
         *         }
         *       ],
         *       "notification": {
         *         "title": "Alice",
         *         "text": "At the usual place?"
         *       }
         *     }
         */
        'application/json': components['schemas']['SendUserMessageRequest'];
      };
    };
    responses: {
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
           *       "position": 3,
           *       "conversation": {
           *         "id": "layer:///conversations/room-42",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *       },
           *       "parts": [
           *         {
           *           "body": "At the usual place?",
           *           "mime_type": "text/plain"
           *         }
           *       ],
           *       "sent_at": "2030-01-01T12:00:00.000Z",
           *       "sender": {
           *         "user_id": "alice",
           *         "name": null
           *       },
           *       "recipient_status": {
           *         "alice": "read",
           *         "bob": "sent",
           *         "carol": "sent"
           *       }
           *     }
           */
          'application/json': components['schemas']['Message'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_user_message: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *       "position": 1,
           *       "conversation": {
           *         "id": "layer:///conversations/room-42",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *       },
           *       "parts": [],
           *       "sent_at": "2030-01-01T12:00:00.000Z",
           *       "sender": {
           *         "user_id": "bob",
           *         "name": null
           *       },
           *       "recipient_status": {
           *         "alice": "sent",
           *         "bob": "read",
           *         "carol": "sent"
           *       },
           *       "is_unread": true
           *     }
           */
          'application/json': components['schemas']['Message'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_user_message: {
    parameters: {
      query?: {
        /** @description all_participants (the default) or my_devices. */
        mode?: 'all_participants' | 'my_devices';
      };
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_user_conversation_message: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description A conversation id: any text of 1 to 255 bytes, or layer:///conversations/ID with the id URL-encoded.
         * @example room-42
         */
        conversation_id: string;
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30",
           *       "position": 1,
           *       "conversation": {
           *         "id": "layer:///conversations/room-42",
           *         "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *       },
           *       "parts": [],
           *       "sent_at": "2030-01-01T12:00:00.000Z",
           *       "sender": {
           *         "user_id": "bob",
           *         "name": null
           *       },
           *       "recipient_status": {
           *         "alice": "sent",
           *         "bob": "read",
           *         "carol": "sent"
           *       },
           *       "is_unread": true
           *     }
           */
          'application/json': components['schemas']['Message'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_message_receipt: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "read"
         *     }
         */
        'application/json': components['schemas']['CreateMessageReceiptRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_own_message_receipt: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of a message, or layer:///messages/UUID.
         * @example 6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30
         */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "read"
         *     }
         */
        'application/json': components['schemas']['CreateOwnMessageReceiptRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_announcement_receipt: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description The UUID of an announcement, or layer:///announcements/UUID.
         * @example b1d9c7e2-4f38-4a6b-9e05-7a2c8d1f3b40
         */
        announcement_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "read"
         *     }
         */
        'application/json': components['schemas']['CreateAnnouncementReceiptRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_own_announcement_receipt: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of an announcement, or layer:///announcements/UUID.
         * @example b1d9c7e2-4f38-4a6b-9e05-7a2c8d1f3b40
         */
        announcement_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "read"
         *     }
         */
        'application/json': components['schemas']['CreateOwnAnnouncementReceiptRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_announcement: {
    parameters: {
      query?: never;
      header?: {
        /** @description A UUID of your choice. A retry with it returns what the first attempt created. */
        'if-none-match'?: string;
      };
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "id": "1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e",
         *       "recipients": "everyone",
         *       "sender": {
         *         "name": "News"
         *       },
         *       "parts": [
         *         {
         *           "body": "Maintenance tonight at ten.",
         *           "mime_type": "text/plain"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['CreateAnnouncementRequest'];
      };
    };
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///announcements/1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e",
           *       "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/announcements/1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e",
           *       "sent_at": "2030-01-01T12:00:00.000Z",
           *       "recipients": "everyone",
           *       "sender": {
           *         "user_id": null,
           *         "name": "News"
           *       },
           *       "parts": [
           *         {
           *           "body": "Maintenance tonight at ten.",
           *           "mime_type": "text/plain"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Announcement'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_notification: {
    parameters: {
      query?: never;
      header?: {
        /** @description A UUID of your choice. A retry with it returns what the first attempt created. */
        'if-none-match'?: string;
      };
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "id": "2c3d4e5f-6a7b-4c8d-9e0f-1a2b3c4d5e6f",
         *       "recipients": [
         *         "alice"
         *       ],
         *       "notification": {
         *         "title": "Calendar",
         *         "text": "Your meeting starts in five minutes."
         *       }
         *     }
         */
        'application/json': components['schemas']['CreateNotificationRequest'];
      };
    };
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "layer:///notifications/2c3d4e5f-6a7b-4c8d-9e0f-1a2b3c4d5e6f",
           *       "recipients": [
           *         "alice"
           *       ]
           *     }
           */
          'application/json': components['schemas']['SentNotification'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_push_tokens: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "device_id": "alice-laptop",
           *         "type": "webpush",
           *         "registered_at": "2030-01-01T12:00:00.000Z",
           *         "badge": 6,
           *         "badge_accepted_at": "2030-01-01T12:00:00.000Z"
           *       },
           *       {
           *         "device_id": "alice-phone",
           *         "type": "fcm",
           *         "registered_at": "2030-01-01T12:00:00.000Z",
           *         "badge": 6,
           *         "badge_accepted_at": "2030-01-01T12:00:00.000Z"
           *       },
           *       {
           *         "device_id": "alice-tablet",
           *         "type": "apns",
           *         "registered_at": "2030-01-01T12:00:00.000Z",
           *         "badge": 6,
           *         "badge_accepted_at": "2030-01-01T12:00:00.000Z",
           *         "apns_bundle_id": "com.example.chat",
           *         "apns_environment": "production"
           *       }
           *     ]
           */
          'application/json': components['schemas']['Device'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  register_push_token: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "device_id": "alice-phone",
         *       "type": "fcm",
         *       "token": "fVx3Kq9Rb2M:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx_Zp0l8w7sT6uV5yW4xZ3aB2cD1eF0gH9iJ8kL7mN6oP5qR4sT3uV2wX1yZ0"
         *     }
         */
        'application/json': components['schemas']['RegisterPushTokenRequest'];
      };
    };
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_own_push_tokens: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "device_id": "alice-laptop",
           *         "type": "webpush",
           *         "registered_at": "2030-01-01T12:00:00.000Z",
           *         "badge": 6,
           *         "badge_accepted_at": "2030-01-01T12:00:00.000Z"
           *       },
           *       {
           *         "device_id": "alice-phone",
           *         "type": "fcm",
           *         "registered_at": "2030-01-01T12:00:00.000Z",
           *         "badge": 6,
           *         "badge_accepted_at": "2030-01-01T12:00:00.000Z"
           *       },
           *       {
           *         "device_id": "alice-tablet",
           *         "type": "apns",
           *         "registered_at": "2030-01-01T12:00:00.000Z",
           *         "badge": 6,
           *         "badge_accepted_at": "2030-01-01T12:00:00.000Z",
           *         "apns_bundle_id": "com.example.chat",
           *         "apns_environment": "production"
           *       }
           *     ]
           */
          'application/json': components['schemas']['Device'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  register_own_push_token: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "device_id": "alice-phone",
         *       "type": "fcm",
         *       "token": "fVx3Kq9Rb2M:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx_Zp0l8w7sT6uV5yW4xZ3aB2cD1eF0gH9iJ8kL7mN6oP5qR4sT3uV2wX1yZ0"
         *     }
         */
        'application/json': components['schemas']['RegisterOwnPushTokenRequest'];
      };
    };
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  unregister_push_token: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
        /**
         * @description An id of your choice: 1 to 255 bytes, unique in the app.
         * @example alice-phone
         */
        device_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  unregister_own_push_token: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description An id of your choice: 1 to 255 bytes, unique in the app.
         * @example alice-phone
         */
        device_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_blocks: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        owner_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "user_id": "carol"
           *       }
           *     ]
           */
          'application/json': components['schemas']['BlockedUser'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_block: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        owner_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "user_id": "carol"
         *     }
         */
        'application/json': components['schemas']['CreateBlockRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_block: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        owner_id: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example carol
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  change_blocks: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        owner_id: string;
      };
      cookie?: never;
    };
    /** @description A list of at most 100 operations. */
    requestBody: {
      content: {
        /**
         * @example [
         *       {
         *         "operation": "set",
         *         "property": "blocks",
         *         "value": [
         *           "bob",
         *           "carol"
         *         ]
         *       }
         *     ]
         */
        'application/json': components['schemas']['PatchOperation'][];
      };
    };
    responses: {
      /** @description The request was accepted. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_user_token: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app, or its URI, URL-encoded.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_uuid: string;
        /**
         * @description A user id: any text of 1 to 255 bytes, or layer:///identities/ID with the id URL-encoded.
         * @example alice
         */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "expires_in": 3600
         *     }
         */
        'application/json': components['schemas']['CreateUserTokenRequest'];
      };
    };
    responses: {
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "access_token": "a-token-for-alice",
           *       "token_type": "bearer",
           *       "expires_in": 3600
           *     }
           */
          'application/json': components['schemas']['UserToken'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_apps: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10",
           *         "name": "Chat",
           *         "badge_mode": "unread_messages",
           *         "include_announcements": true,
           *         "jabber_domain": "chat.example.com",
           *         "created_at": "2030-01-01T12:00:00.000Z"
           *       },
           *       {
           *         "id": "7c9e6679-7425-4dde-944b-e07fc1f90ae7",
           *         "name": "Support",
           *         "badge_mode": "unread_conversations",
           *         "include_announcements": false,
           *         "jabber_domain": "support.example.com",
           *         "created_at": "2030-01-01T12:00:00.000Z"
           *       }
           *     ]
           */
          'application/json': components['schemas']['App'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_app: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Shop",
         *       "badge_mode": "external",
         *       "include_announcements": false,
         *       "jabber_domain": "shop.example.com"
         *     }
         */
        'application/json': components['schemas']['CreateAppRequest'];
      };
    };
    responses: {
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "a9b8c7d6-5e4f-4a3b-8c2d-1e0f9a8b7c60",
           *       "name": "Shop",
           *       "badge_mode": "external",
           *       "include_announcements": false,
           *       "jabber_domain": "shop.example.com",
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "token": "badged_d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50_c2VjcmV0LW9mLXRoZS1leGFtcGxl"
           *     }
           */
          'application/json': components['schemas']['NewApp'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_app: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10",
           *       "name": "Chat",
           *       "badge_mode": "unread_messages",
           *       "include_announcements": true,
           *       "jabber_domain": "chat.example.com",
           *       "created_at": "2030-01-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['App'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_app: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  change_app: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Team chat",
         *       "badge_mode": "unread_messages"
         *     }
         */
        'application/json': components['schemas']['ChangeAppRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10",
           *       "name": "Team chat",
           *       "badge_mode": "unread_messages",
           *       "include_announcements": true,
           *       "jabber_domain": "chat.example.com",
           *       "created_at": "2030-01-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['App'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_app_setup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "login": true,
           *       "push": [
           *         "apns",
           *         "fcm",
           *         "webpush"
           *       ]
           *     }
           */
          'application/json': components['schemas']['AppSetup'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_tokens: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50",
           *         "label": "first",
           *         "created_at": "2030-01-01T12:00:00.000Z"
           *       }
           *     ]
           */
          'application/json': components['schemas']['AppToken'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_token: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "label": "backend"
         *     }
         */
        'application/json': components['schemas']['CreateTokenRequest'];
      };
    };
    responses: {
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50",
           *       "label": "backend",
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "token": "badged_d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50_c2VjcmV0LW9mLXRoZS1leGFtcGxl"
           *     }
           */
          'application/json': components['schemas']['NewAppToken'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  revoke_token: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
        /**
         * @description The id of the token.
         * @example d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50
         */
        token_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_apns_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "key_id": "KEY1234567",
           *       "team_id": "TEAM123456",
           *       "updated_at": "2030-01-01T12:00:00.000Z",
           *       "health": {
           *         "state": "ok",
           *         "reason": null,
           *         "since": null,
           *         "next_try_at": null
           *       }
           *     }
           */
          'application/json': components['schemas']['ApnsCredentials'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_apns_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "key_id": "KEY1234567",
         *       "team_id": "TEAM123456",
         *       "private_key": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG...\n-----END PRIVATE KEY-----\n"
         *     }
         */
        'application/json': components['schemas']['SetApnsCredentialsRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "key_id": "KEY1234567",
           *       "team_id": "TEAM123456",
           *       "updated_at": "2030-01-01T12:00:00.000Z",
           *       "health": {
           *         "state": "ok",
           *         "reason": null,
           *         "since": null,
           *         "next_try_at": null
           *       }
           *     }
           */
          'application/json': components['schemas']['ApnsCredentials'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_apns_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  test_apns: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "user_id": "alice",
         *       "device_id": "alice-tablet",
         *       "title": "Test",
         *       "text": "Can you see this?"
         *     }
         */
        'application/json': components['schemas']['TestApnsRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "verdict": "delivered",
           *       "reason": null,
           *       "badge": 6
           *     }
           */
          'application/json': components['schemas']['TestedPush'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_fcm_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "project_id": "local-project",
           *       "client_email": "badged@local-project.iam.gserviceaccount.com",
           *       "updated_at": "2030-01-01T12:00:00.000Z",
           *       "health": {
           *         "state": "ok",
           *         "reason": null,
           *         "since": null,
           *         "next_try_at": null
           *       }
           *     }
           */
          'application/json': components['schemas']['FcmCredentials'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_fcm_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "project_id": "local-project",
         *       "client_email": "badged@local-project.iam.gserviceaccount.com",
         *       "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN...\n-----END PRIVATE KEY-----\n"
         *     }
         */
        'application/json': components['schemas']['SetFcmCredentialsRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "project_id": "local-project",
           *       "client_email": "badged@local-project.iam.gserviceaccount.com",
           *       "updated_at": "2030-01-01T12:00:00.000Z",
           *       "health": {
           *         "state": "ok",
           *         "reason": null,
           *         "since": null,
           *         "next_try_at": null
           *       }
           *     }
           */
          'application/json': components['schemas']['FcmCredentials'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_fcm_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  test_fcm: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "user_id": "alice",
         *       "device_id": "alice-phone",
         *       "title": "Test",
         *       "text": "Can you see this?"
         *     }
         */
        'application/json': components['schemas']['TestFcmRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "verdict": "delivered",
           *       "reason": null,
           *       "badge": 6
           *     }
           */
          'application/json': components['schemas']['TestedPush'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_webpush_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "public_key": "BJNEBtsw5fST44yr5rp0t1AD7yXzJaTnAy_N6sUXn1AwjTMb5c5NPNJScd4KEXwFtL2NiYWuunqM_vJux2O9gG4",
           *       "subject": "mailto:push@example.com",
           *       "navigate": "https://chat.example.com/",
           *       "updated_at": "2030-01-01T12:00:00.000Z",
           *       "health": {
           *         "state": "ok",
           *         "reason": null,
           *         "since": null,
           *         "next_try_at": null
           *       }
           *     }
           */
          'application/json': components['schemas']['WebPushCredentials'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_webpush_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "subject": "mailto:push@example.com",
         *       "navigate": "https://chat.example.com/"
         *     }
         */
        'application/json': components['schemas']['SetWebpushCredentialsRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "public_key": "BJNEBtsw5fST44yr5rp0t1AD7yXzJaTnAy_N6sUXn1AwjTMb5c5NPNJScd4KEXwFtL2NiYWuunqM_vJux2O9gG4",
           *       "subject": "mailto:push@example.com",
           *       "navigate": "https://chat.example.com/",
           *       "updated_at": "2030-01-01T12:00:00.000Z",
           *       "health": {
           *         "state": "ok",
           *         "reason": null,
           *         "since": null,
           *         "next_try_at": null
           *       }
           *     }
           */
          'application/json': components['schemas']['WebPushCredentials'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_webpush_credentials: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  test_webpush: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "user_id": "alice",
         *       "device_id": "alice-laptop",
         *       "title": "Test",
         *       "text": "Can you see this?"
         *     }
         */
        'application/json': components['schemas']['TestWebpushRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "verdict": "delivered",
           *       "reason": null,
           *       "badge": 6
           *     }
           */
          'application/json': components['schemas']['TestedPush'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  list_oauth_clients: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t",
           *         "name": "Agent desktop",
           *         "grant_types": [
           *           "client_credentials"
           *         ],
           *         "redirect_uris": [],
           *         "user_id": "alice",
           *         "confidential": true,
           *         "created_at": "2030-01-01T12:00:00.000Z"
           *       }
           *     ]
           */
          'application/json': components['schemas']['OAuthClient'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_oauth_client: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Chat on the web",
         *       "grant_types": [
         *         "authorization_code",
         *         "refresh_token"
         *       ],
         *       "redirect_uris": [
         *         "https://chat.example.com/signed-in"
         *       ],
         *       "confidential": false
         *     }
         */
        'application/json': components['schemas']['CreateOauthClientRequest'];
      };
    };
    responses: {
      /** @description The resource was created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Yj8uWp1KlM3oQr6s",
           *       "name": "Chat on the web",
           *       "grant_types": [
           *         "authorization_code",
           *         "refresh_token"
           *       ],
           *       "redirect_uris": [
           *         "https://chat.example.com/signed-in"
           *       ],
           *       "user_id": null,
           *       "confidential": false,
           *       "created_at": "2030-01-01T12:00:00.000Z",
           *       "secret": null
           *     }
           */
          'application/json': components['schemas']['NewOAuthClient'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_oauth_client: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
        /**
         * @description The id of the client.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t
         */
        client_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t",
           *       "name": "Agent desktop",
           *       "grant_types": [
           *         "client_credentials"
           *       ],
           *       "redirect_uris": [],
           *       "user_id": "alice",
           *       "confidential": true,
           *       "created_at": "2030-01-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['OAuthClient'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_oauth_client: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
        /**
         * @description The id of the client.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t
         */
        client_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  change_oauth_client: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
        /**
         * @description The id of the client.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t
         */
        client_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Agent desktop 2"
         *     }
         */
        'application/json': components['schemas']['ChangeOauthClientRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t",
           *       "name": "Agent desktop 2",
           *       "grant_types": [
           *         "client_credentials"
           *       ],
           *       "redirect_uris": [],
           *       "user_id": "alice",
           *       "confidential": true,
           *       "created_at": "2030-01-01T12:00:00.000Z"
           *     }
           */
          'application/json': components['schemas']['OAuthClient'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_login: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "url": "https://chat.example.com/login",
           *       "keys": [
           *         {
           *           "kty": "EC",
           *           "kid": "login-1",
           *           "alg": "ES256",
           *           "crv": "P-256",
           *           "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
           *           "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
           *         }
           *       ],
           *       "audience": "badged:3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10"
           *     }
           */
          'application/json': components['schemas']['Login'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  set_login: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "url": "https://chat.example.com/login",
         *       "keys": [
         *         {
         *           "kty": "EC",
         *           "crv": "P-256",
         *           "alg": "ES256",
         *           "kid": "login-1",
         *           "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
         *           "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['SetLoginRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "url": "https://chat.example.com/login",
           *       "keys": [
           *         {
           *           "kty": "EC",
           *           "kid": "login-1",
           *           "alg": "ES256",
           *           "crv": "P-256",
           *           "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
           *           "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
           *         }
           *       ],
           *       "audience": "badged:3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10"
           *     }
           */
          'application/json': components['schemas']['Login'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  delete_login: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description The UUID of the app.
         * @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10
         */
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "expires_at": "2030-01-02T00:00:00.000Z",
           *       "version": "1.0.0"
           *     }
           */
          'application/json': components['schemas']['DashboardSession'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  sign_in: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "token": "ADMIN_TOKEN"
         *     }
         */
        'application/json': components['schemas']['SignInRequest'];
      };
    };
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  sign_out: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. There is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  get_overview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "servers": [
           *         {
           *           "id": "0f8b2f0e-5a43-4d5c-9b3c-2f4f5d1c7a10",
           *           "is_this": true,
           *           "version": "1.0.0",
           *           "started_at": "2030-01-01T11:00:00.000Z",
           *           "events_behind": 0,
           *           "paused_push_transports": 0
           *         }
           *       ],
           *       "started_at": "2030-01-01T11:00:00.000Z",
           *       "apps": 2,
           *       "resting_push_transports": 0,
           *       "resting": [],
           *       "interval_seconds": 10,
           *       "samples": [
           *         {
           *           "at": "2030-01-01T12:00:00.000Z",
           *           "requests_per_second": 41.2,
           *           "refused_per_second": 0.1,
           *           "errors_per_second": 0,
           *           "latency_p50_ms": 0.8,
           *           "latency_p99_ms": 4.1,
           *           "outbox_depth": 0,
           *           "open_streams": 12,
           *           "pushes_per_second": {
           *             "delivered": 7.5,
           *             "logged": 0,
           *             "retry": 0,
           *             "gone": 0.1,
           *             "rejected": 0,
           *             "misconfigured": 0
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['Overview'];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
  create_events: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10 */
        app_uuid: string;
      };
      cookie?: never;
    };
    /** @description Newline-delimited JSON: one operation per line, without a limit on their number. */
    requestBody: {
      content: {
        /**
         * @example [
         *       {
         *         "operation": "set_badge",
         *         "user_id": "alice",
         *         "external_unread_count": 12
         *       },
         *       {
         *         "operation": "send_message",
         *         "conversation_id": "room-42",
         *         "id": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
         *         "sender": {
         *           "user_id": "bob"
         *         },
         *         "parts": [
         *           {
         *             "body": "Lunch at one?",
         *             "mime_type": "text/plain"
         *           }
         *         ]
         *       },
         *       {
         *         "operation": "mark_all_read",
         *         "user_id": "alice",
         *         "conversation_id": "room-42",
         *         "position": 3
         *       }
         *     ]
         */
        'application/json': components['schemas']['BatchOperation'][];
        /**
         * @example [
         *       {
         *         "operation": "set_badge",
         *         "user_id": "alice",
         *         "external_unread_count": 12
         *       },
         *       {
         *         "operation": "send_message",
         *         "conversation_id": "room-42",
         *         "id": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
         *         "sender": {
         *           "user_id": "bob"
         *         },
         *         "parts": [
         *           {
         *             "body": "Lunch at one?",
         *             "mime_type": "text/plain"
         *           }
         *         ]
         *       },
         *       {
         *         "operation": "mark_all_read",
         *         "user_id": "alice",
         *         "conversation_id": "room-42",
         *         "position": 3
         *       }
         *     ]
         */
        'application/x-ndjson': components['schemas']['BatchOperation'][];
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "status": 204
           *       },
           *       {
           *         "status": 201,
           *         "body": {
           *           "id": "layer:///messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
           *           "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
           *           "position": 3,
           *           "conversation": {
           *             "id": "layer:///conversations/room-42",
           *             "url": "https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42"
           *           },
           *           "parts": [
           *             {
           *               "body": "Lunch at one?",
           *               "mime_type": "text/plain"
           *             }
           *           ],
           *           "sent_at": "2030-01-01T12:00:00.000Z",
           *           "sender": {
           *             "user_id": "bob",
           *             "name": null
           *           },
           *           "recipient_status": {
           *             "alice": "sent",
           *             "bob": "read",
           *             "carol": "sent"
           *           }
           *         }
           *       },
           *       {
           *         "status": 204
           *       }
           *     ]
           */
          'application/json': components['schemas']['BatchResult'][];
        };
      };
      '4XX': components['responses']['ClientError'];
      '5XX': components['responses']['ServerError'];
    };
  };
}
