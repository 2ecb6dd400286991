/** Every route, as the running application has it, with what its address needs to be there, and who is refused. */
import { randomUUID } from 'node:crypto';
import type { RouteOptions } from 'fastify';
import type { Access } from '../../src/http/foundation/principal.js';
import {
  type anonymous,
  conversationOf,
  type Method,
  messageFrom,
  openWorld,
  text,
  uuidOf,
  type World,
} from './world.js';

export interface Route {
  readonly method: Method;
  readonly url: string;
  readonly access: Access | undefined;
}

export interface EveryRoute {
  readonly world: World;
  readonly routes: readonly Route[];
  /** Those with one of these rules. */
  withAccess(...rules: Access[]): readonly Route[];
  /** Those that are not public. */
  guarded(): readonly Route[];
  /** Of something that is there, unless another id is given. */
  address(url: string, changed?: Readonly<Record<string, string>>): string;
  /** Status and id of what it answers to this token, without a body: access is decided before anybody reads one. */
  refusal(
    route: Route,
    token: string | typeof anonymous,
    headers?: Readonly<Record<string, string>>,
  ): Promise<string>;
}

export async function openEveryRoute(): Promise<EveryRoute> {
  const routes: Route[] = [];
  const world = await openWorld({
    beforeReady: (http) =>
      http.addHook('onRoute', (route) => {
        routes.push(...routesOf(route));
      }),
  });
  const ids = await idsIn(world);
  const address: EveryRoute['address'] = (url, changed = {}) =>
    url.replaceAll(/:([a-z_]+)/g, (_, name: string) => changed[name] ?? ids[name] ?? 'x');
  return {
    world,
    routes,
    withAccess: (...rules) => routes.filter(({ access }) => access !== undefined && rules.includes(access)),
    guarded: () => routes.filter(({ access }) => access !== 'public'),
    address,
    async refusal({ method, url }, token, headers = {}) {
      const answer = await world.send(method, address(url), { token, headers });
      // HEAD has no body to tell the two refusals with this status apart.
      if (method === 'HEAD') return `${answer.statusCode}`;
      // Below /api/v2 errors have another shape.
      const { id, code } = answer.json();
      return `${answer.statusCode} ${id ?? code.replaceAll('.', '_')}`;
    },
  };
}

/** What refusal() answers for this one. */
export const expected = (route: Route, full: string) => (route.method === 'HEAD' ? full.slice(0, 3) : full);

/** What is not destroyed on the way through all routes, because the next one needs it. */
export function spared(method: Method): Readonly<Record<string, string>> {
  return method === 'DELETE' ? { app_id: randomUUID(), conversation_id: randomUUID() } : {};
}

function routesOf({ method, url, config }: RouteOptions): Route[] {
  return [method].flat().map((one) => ({ method: one as Method, url, access: config?.access }));
}

async function idsIn(world: World): Promise<Readonly<Record<string, string>>> {
  const conversation = await conversationOf(world, 'a', 'b');
  const announced = await world.inApp('POST', '/announcements', {
    body: { recipients: 'everyone', sender: { name: 'system' }, parts: text('news') },
  });
  return {
    app_uuid: world.app,
    app_id: world.app,
    user_id: 'a',
    owner_id: 'a',
    conversation_id: conversation,
    message_id: await messageFrom(world, conversation, 'b'),
    announcement_id: uuidOf(announced.json().id),
    token_id: randomUUID(),
    name: 'tasks',
    device_id: 'device',
  };
}
