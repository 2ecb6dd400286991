/** Examples of devices, blocks and user tokens. */
import type { Example } from '../../foundation/endpoint.js';

export const examples = {
  register_push_token: {
    body: {
      device_id: 'alice-phone',
      type: 'fcm',
      token:
        'fVx3Kq9Rb2M:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx_Zp0l8w7sT6uV5yW4xZ3aB2cD1eF0gH9iJ8kL7mN6oP5qR4sT3uV2wX1yZ0',
    },
  },
  list_push_tokens: {
    response: [
      {
        device_id: 'alice-laptop',
        type: 'webpush',
        registered_at: '2030-01-01T12:00:00.000Z',
        badge: 6,
        badge_accepted_at: '2030-01-01T12:00:00.000Z',
      },
      {
        device_id: 'alice-phone',
        type: 'fcm',
        registered_at: '2030-01-01T12:00:00.000Z',
        badge: 6,
        badge_accepted_at: '2030-01-01T12:00:00.000Z',
      },
      {
        device_id: 'alice-tablet',
        type: 'apns',
        registered_at: '2030-01-01T12:00:00.000Z',
        badge: 6,
        badge_accepted_at: '2030-01-01T12:00:00.000Z',
        apns_bundle_id: 'com.example.chat',
        apns_environment: 'production',
      },
    ],
  },
  register_own_push_token: {
    body: {
      device_id: 'alice-phone',
      type: 'fcm',
      token:
        'fVx3Kq9Rb2M:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx_Zp0l8w7sT6uV5yW4xZ3aB2cD1eF0gH9iJ8kL7mN6oP5qR4sT3uV2wX1yZ0',
    },
  },
  list_own_push_tokens: {
    response: [
      {
        device_id: 'alice-laptop',
        type: 'webpush',
        registered_at: '2030-01-01T12:00:00.000Z',
        badge: 6,
        badge_accepted_at: '2030-01-01T12:00:00.000Z',
      },
      {
        device_id: 'alice-phone',
        type: 'fcm',
        registered_at: '2030-01-01T12:00:00.000Z',
        badge: 6,
        badge_accepted_at: '2030-01-01T12:00:00.000Z',
      },
      {
        device_id: 'alice-tablet',
        type: 'apns',
        registered_at: '2030-01-01T12:00:00.000Z',
        badge: 6,
        badge_accepted_at: '2030-01-01T12:00:00.000Z',
        apns_bundle_id: 'com.example.chat',
        apns_environment: 'production',
      },
    ],
  },
  create_block: { body: { user_id: 'carol' } },
  list_blocks: { response: [{ user_id: 'carol' }] },
  delete_block: { params: { user_id: 'carol' } },
  change_blocks: { body: [{ operation: 'set', property: 'blocks', value: ['bob', 'carol'] }] },
  create_user_token: {
    body: { expires_in: 3600 },
    response: {
      access_token: 'a-token-for-alice',
      token_type: 'bearer',
      expires_in: 3600,
    },
  },
} satisfies Readonly<Record<string, Example>>;
