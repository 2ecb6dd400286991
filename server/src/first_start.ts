/** Creates the demo app of the first start: two users and a conversation. */
import { createApp } from './service/apps.js';
import { createConversation } from './service/conversations.js';
import { execute } from './service/operation.js';
import type { Service } from './service/service.js';

export interface Demo {
  readonly app: string;
  readonly token: string;
  /** The conversation of alice and bob. */
  readonly conversation: string;
}

export interface FirstStart extends Demo {
  /** Undefined if the configuration sets it. */
  readonly adminToken: string | undefined;
}

export async function makeDemo(service: Service): Promise<Demo> {
  const { app, token } = await createApp(service, { name: 'demo' });
  const input = { participants: ['alice', 'bob'], distinct: true, metadata: { title: 'Alice and Bob' } };
  const { conversation } = await execute(service, app.id, createConversation(service, input));
  return { app: app.id, token, conversation: conversation.id };
}
