/** What the first start makes, so that a newcomer has something to call: an app with two users who talk. */
import { createApp } from './service/apps.js';
import { createConversation } from './service/conversations.js';
import type { Service } from './service/service.js';

export interface Demo {
  readonly app: string;
  readonly token: string;
  /** Of alice and bob. */
  readonly conversation: string;
}

export interface FirstStart extends Demo {
  /** Undefined where the configuration gave one. */
  readonly adminToken: string | undefined;
}

export async function makeDemo(service: Service): Promise<Demo> {
  const { app, token } = await createApp(service, { name: 'demo' });
  const input = { participants: ['alice', 'bob'], distinct: true, metadata: { title: 'Alice and Bob' } };
  const { conversation } = await createConversation(service, app.id, input);
  return { app: app.id, token, conversation: conversation.id };
}
