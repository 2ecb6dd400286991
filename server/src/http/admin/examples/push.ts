/** Examples of the operations on push credentials, by platform. */
import type { Platform } from '../../../push_target.js';
import type { Example } from '../../foundation/endpoint.js';

export const examples: Readonly<Record<Platform, Readonly<Record<'set' | 'read' | 'test', Example>>>> = {
  apns: {
    set: {
      body: {
        key_id: 'KEY1234567',
        team_id: 'TEAM123456',
        private_key: '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG...\n-----END PRIVATE KEY-----\n',
      },
      response: {
        key_id: 'KEY1234567',
        team_id: 'TEAM123456',
        updated_at: '2030-01-01T12:00:00.000Z',
        health: { state: 'ok', reason: null, since: null, next_try_at: null },
      },
    },
    read: {
      response: {
        key_id: 'KEY1234567',
        team_id: 'TEAM123456',
        updated_at: '2030-01-01T12:00:00.000Z',
        health: { state: 'ok', reason: null, since: null, next_try_at: null },
      },
    },
    test: {
      body: { user_id: 'alice', device_id: 'alice-tablet', title: 'Test', text: 'Can you see this?' },
      response: { verdict: 'delivered', reason: null, badge: 6 },
    },
  },
  fcm: {
    set: {
      body: {
        project_id: 'local-project',
        client_email: 'badged@local-project.iam.gserviceaccount.com',
        private_key: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN...\n-----END PRIVATE KEY-----\n',
      },
      response: {
        project_id: 'local-project',
        client_email: 'badged@local-project.iam.gserviceaccount.com',
        updated_at: '2030-01-01T12:00:00.000Z',
        health: { state: 'ok', reason: null, since: null, next_try_at: null },
      },
    },
    read: {
      response: {
        project_id: 'local-project',
        client_email: 'badged@local-project.iam.gserviceaccount.com',
        updated_at: '2030-01-01T12:00:00.000Z',
        health: { state: 'ok', reason: null, since: null, next_try_at: null },
      },
    },
    test: {
      body: { user_id: 'alice', device_id: 'alice-phone', title: 'Test', text: 'Can you see this?' },
      response: { verdict: 'delivered', reason: null, badge: 6 },
    },
  },
  webpush: {
    set: {
      body: { subject: 'mailto:push@example.com', navigate: 'https://chat.example.com/' },
      response: {
        public_key: 'BJNEBtsw5fST44yr5rp0t1AD7yXzJaTnAy_N6sUXn1AwjTMb5c5NPNJScd4KEXwFtL2NiYWuunqM_vJux2O9gG4',
        subject: 'mailto:push@example.com',
        navigate: 'https://chat.example.com/',
        updated_at: '2030-01-01T12:00:00.000Z',
        health: { state: 'ok', reason: null, since: null, next_try_at: null },
      },
    },
    read: {
      response: {
        public_key: 'BJNEBtsw5fST44yr5rp0t1AD7yXzJaTnAy_N6sUXn1AwjTMb5c5NPNJScd4KEXwFtL2NiYWuunqM_vJux2O9gG4',
        subject: 'mailto:push@example.com',
        navigate: 'https://chat.example.com/',
        updated_at: '2030-01-01T12:00:00.000Z',
        health: { state: 'ok', reason: null, since: null, next_try_at: null },
      },
    },
    test: {
      body: { user_id: 'alice', device_id: 'alice-laptop', title: 'Test', text: 'Can you see this?' },
      response: { verdict: 'delivered', reason: null, badge: 6 },
    },
  },
};
