/** A change of access is checked by the sockets that it may concern, and by no others. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AccessIndex } from '../../src/live/access_index.js';
import { Live } from '../../src/live/live.js';
import { createApp, deleteApp } from '../../src/service/apps.js';
import { channelsPerUserAndClient, openChannel, type UserBearer } from '../../src/service/channels.js';
import { createClient, deleteClient } from '../../src/service/oauth/clients.js';
import { authenticateAccess, issueAccess, revokeAccess } from '../../src/service/oauth/grants.js';
import { openService, type Service } from '../../src/service/service.js';
import { ReferenceStore } from '../../src/store/reference/store.js';

const id = fc.constantFrom('a', 'b', 'c');
const dependency = fc.record({ kind: fc.constantFrom('client', 'grant', 'token', 'channel'), id });

test('a change concerns those who depend on it, and the deletion of an app all of its own', () => {
  const holder = fc.record({
    app: id,
    dependencies: fc.array(dependency, { maxLength: 4 }),
    isOpen: fc.boolean(),
  });
  const change = fc.oneof(
    fc.record({ app: id, kind: fc.constant('app' as const) }),
    fc.tuple(id, dependency).map(([app, rest]) => ({ app, ...rest })),
  );
  fc.assert(
    fc.property(fc.array(holder), change, (holders, changed) => {
      const index = new AccessIndex<number>();
      const remove = holders.map(({ app, dependencies }, n) => index.add(app, dependencies, n));
      for (const [n, { isOpen }] of holders.entries()) if (!isOpen) remove[n]?.();
      const expected = holders.flatMap(({ app, dependencies, isOpen }, n) => {
        const depends =
          changed.kind === 'app' ||
          dependencies.some((each) => each.kind === changed.kind && each.id === changed.id);
        return isOpen && app === changed.app && depends ? [n] : [];
      });
      expect([...index.concerned(changed)].toSorted((a, b) => a - b)).toEqual(expected);
    }),
  );
});

/** A service whose records are counted as they are read, and an app with a socket for each of these users. */
async function world(users: readonly string[]) {
  const store = new ReferenceStore();
  const reads: string[] = [];
  const { records } = store;
  const get: typeof records.get = (app, kind, record, now) => {
    if (kind === 'channel') reads.push(record);
    return records.get(app, kind, record, now);
  };
  const counted = new Proxy(store, {
    get: (target, name) => (name === 'records' ? countedRecords : Reflect.get(target, name, target)),
  });
  const countedRecords = new Proxy(records, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (name === 'get') return get;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const service = await openService(counted, { now: Date.now, newId: randomUUID });
  const app = (await createApp(service, { name: 'app' })).app.id;
  const live = new Live(service, { heartbeatMs: 3_600_000 });
  const sockets = await Promise.all(users.map((user) => socketOf(service, live, app, user)));
  await setImmediate();
  reads.length = 0;
  return { service, app, live, reads, sockets };
}

async function socketOf(service: Service, live: Live, app: string, user: string) {
  const { client } = await createClient(service, app, {
    name: 'c',
    grantTypes: ['client_credentials'],
    user,
  });
  const { accessToken } = await issueAccess(service, client, null);
  const found = await authenticateAccess(service, accessToken);
  if (found === undefined) throw new Error('the token is not valid');
  const bearer: UserBearer = { ...found, user };
  const channel = await openChannel(service, bearer);
  const closed: number[] = [];
  const socket = {
    bufferedAmount: 0,
    send() {},
    close: (code: number) => void closed.push(code),
    terminate() {},
  };
  live.connect(channel, socket);
  return { bearer, client, channel, closed };
}

test('opening a channel beyond the limit closes the oldest, and checks no socket of others', async () => {
  const { service, live, reads, sockets } = await world([
    'ann',
    ...Array.from({ length: 50 }, (_, n) => `user${n}`),
  ]);
  const [ann, ...others] = sockets;
  for (let n = 0; n < channelsPerUserAndClient; n += 1) if (ann) await openChannel(service, ann.bearer);
  await setImmediate();
  expect(ann?.closed).toEqual([1008]);
  expect(reads).toEqual([ann?.channel.id]);
  expect(others.flatMap(({ closed }) => closed)).toEqual([]);
  live.close();
});

test('revoking a token and deleting a client close their own sockets, and the deletion of the app closes all', async () => {
  const { service, app, live, reads, sockets } = await world(['ann', 'bob', 'cy', 'dee']);
  const [ann, bob, ...others] = sockets;
  if (ann === undefined || bob === undefined) throw new Error('there are no sockets');
  await revokeAccess(service, ann.bearer);
  await deleteClient(service, app, bob.client.id);
  await setImmediate();
  expect([ann.closed, bob.closed]).toEqual([[1008], [1008]]);
  expect(reads.toSorted()).toEqual([ann.channel.id, bob.channel.id].toSorted());
  expect(others.flatMap(({ closed }) => closed)).toEqual([]);
  await deleteApp(service, app);
  await setImmediate();
  expect(others.map(({ closed }) => closed)).toEqual([[1008], [1008]]);
  live.close();
});
