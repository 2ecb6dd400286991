/**
 * What a first start makes and shows: the admin token, and the demo app with two users and a conversation. Each step
 * can be repeated, so that a start completes what an earlier one, which failed or was killed, had begun.
 */
import { type AdminToken, adminTokenShown } from './service/admin_token.js';
import { addToken, newTokenText } from './service/app_tokens.js';
import { addApp } from './service/apps.js';
import { createConversation } from './service/conversations.js';
import { execute } from './service/operation.js';
import type { Service } from './service/service.js';
import type { ShownOnce } from './service/shown_once.js';

export interface Demo {
  readonly app: string;
  readonly token: string;
  /** The conversation of alice and bob. */
  readonly conversation: string;
}

/** What no start has shown yet. */
export interface FirstStart {
  /** Undefined if the configuration sets it. */
  readonly adminToken?: string;
  readonly demo?: Demo;
  /** It was printed. No later start shows it again. */
  shown(): Promise<void>;
}

/** The sealed plan of the demo until it was shown; then nothing. Older versions stored 16 random bytes. */
const name = 'installation';

/** Undefined if all was shown before. */
export async function firstStart(
  service: Service,
  shownOnce: ShownOnce,
  { admin, hasDemo }: { readonly admin: AdminToken; readonly hasDemo: boolean },
): Promise<FirstStart | undefined> {
  // Without a demo, no later start makes one either: apps may have been created since.
  if (!hasDemo) await shownOnce.omit(name);
  const demo = hasDemo ? await makeDemo(service, shownOnce) : undefined;
  const { pending: adminToken } = admin;
  if (demo === undefined && adminToken === undefined) return undefined;
  return {
    ...(adminToken !== undefined && { adminToken }),
    ...(demo !== undefined && { demo }),
    async shown() {
      if (adminToken !== undefined) await adminTokenShown(shownOnce, admin);
      if (demo !== undefined) await shownOnce.shown(name, new Uint8Array());
    },
  };
}

/** The ids are stored before anything is made of them, so that the demo is completed and never made twice. */
async function makeDemo(service: Service, shownOnce: ShownOnce): Promise<Demo | undefined> {
  const plan = await shownOnce.open(name, () => `${service.newId()} ${newTokenText(service)}`);
  if (plan.kind === 'shown') return undefined;
  const [app = '', token = ''] = plan.text.split(' ');
  if ((await service.store.apps.get(app)) === undefined) await addApp(service, app, { name: 'demo' });
  await addToken(service, app, 'first', token);
  const input = { participants: ['alice', 'bob'], distinct: true, metadata: { title: 'Alice and Bob' } };
  const { conversation } = await execute(service, app, createConversation(service, input));
  return { app, token, conversation: conversation.id };
}
