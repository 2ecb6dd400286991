/** A fault run: clients, streams, devices and faults together, and at the end every number is what it must be. */
import { setTimeout as delay } from 'node:timers/promises';
import { verifyDatabase } from '../../src/compose.js';
import { eventually } from '../push/delivery_world.js';
import { randomNumbers } from '../push/random.js';
import { Clients } from './clients.js';
import { type FaultOptions, Faults } from './faults.js';
import { Streams } from './streams.js';
import { ClusterWorld } from './world.js';

export interface RunOptions extends Omit<FaultOptions, 'onFault'> {
  readonly seed: number;
  readonly seconds: number;
  readonly clients: number;
  /** How long streams and devices may take to show the badge at the end. */
  readonly settleMs: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly say?: (line: string) => void;
}

export interface RunResult {
  readonly problems: readonly string[];
  readonly faults: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly requests: number;
  readonly reads: number;
  readonly cuts: number;
}

export async function faultRun(options: RunOptions): Promise<RunResult> {
  const { seed, seconds, say = () => {} } = options;
  const random = randomNumbers(seed);
  const started = performance.now();
  const onFault = (what: string) =>
    say(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${what}`);
  const world = await ClusterWorld.open({
    apps: 2,
    conversationsPerApp: 4,
    ...(options.env && { env: options.env }),
  });
  const clients = new Clients(world, randomNumbers(seed + 1));
  const streams = new Streams(world, randomNumbers(seed + 2));
  const faults = new Faults(world, random, { ...options, onFault });
  try {
    const following = streams.run();
    const sending = clients.run(options.clients);
    await faults.run(performance.now() + seconds * 1_000);
    clients.stop();
    await sending;
    const concluded = await conclude(world, streams, options).catch((error) => [`At the end: ${error}`]);
    const problems = [...concluded, ...clients.problems];
    streams.stop();
    await following;
    const { requests, reads, unclear } = clients.counts;
    const ledgers = world.chats.map(({ ledger }) => ledger);
    const acknowledged = ledgers.reduce((sum, each) => sum + each.acknowledged, 0);
    const figures = { requests, reads, acknowledged, cuts: world.proxy.cuts, faults: faults.counts };
    onFault(
      `${requests} requests, ${unclear} without a clear outcome, ${acknowledged} messages acknowledged, ${reads} reads compared, ${streams.opened} streams opened; faults: ${JSON.stringify(faults.counts)}, ${world.proxy.cuts} commits cut`,
    );
    const all = [...problems, ...streams.problems, ...ledgers.flatMap((each) => each.problems)];
    onFault(
      all.length === 0
        ? 'nothing is wrong'
        : `${all.length} problems, such as: ${all.slice(0, 20).join('\n')}`,
    );
    return { problems: all, ...figures };
  } finally {
    streams.stop();
    clients.stop();
    await faults.repaired().catch(() => {});
    await world.close();
  }
}

/** What is wrong when no fault is left and no request is in flight. */
export async function conclude(
  world: ClusterWorld,
  streams: Streams,
  { settleMs, say = () => {} }: Pick<RunOptions, 'settleMs' | 'say'>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  let differences: string[] = [];
  await eventually(async () => {
    differences = await differencesNow(world, streams);
    if (differences.length > 0) {
      await delay(200);
      throw new Error(differences[0]);
    }
  }, settleMs).catch((error) =>
    problems.push(...differences, ...(differences.length > 0 ? [] : [String(error)])),
  );
  const [slot] = world.slots;
  if (slot === undefined) throw new Error('there is no server');
  for (const chat of world.chats) {
    const [observer, reader] = await Promise.all(
      [chat.observer, chat.reader].map(
        async (user) => (await world.badge(slot, chat, user)).unread_message_count,
      ),
    );
    chat.ledger.conclude(Number(observer), Number(reader));
  }
  const verified = await verifyDatabase(world.database.url);
  problems.push(...verified.differences.map((each) => `verify: ${JSON.stringify(each)}`));
  for (const [message, times] of logged(world)) {
    say(`logged ${times} times: ${message}`);
    if (message.includes('lost the event')) problems.push(`A server logged: ${message}`);
  }
  return problems;
}

/** What servers, devices and streams show that is not the badge. */
export async function differencesNow(world: ClusterWorld, streams: Streams): Promise<string[]> {
  const found: string[] = [];
  for (const watched of world.watched) {
    const { chat, user, device } = watched;
    const badges = await Promise.all(world.slots.map((slot) => world.badge(slot, chat, user)));
    const [badge] = badges.map(({ unread_message_count }) => Number(unread_message_count));
    for (const other of badges.slice(1))
      if (other.unread_message_count !== badge)
        found.push(`Servers differ about ${user}: ${badge} and ${other.unread_message_count}.`);
    const number = world.providers.apns.accepted.badge(device);
    if (number !== badge) found.push(`The device of ${user} shows ${number}. The badge is ${badge}.`);
    const shown = streams.shown(watched);
    if (shown !== badge) found.push(`The stream of ${user} shows ${shown}. The badge is ${badge}.`);
  }
  return found;
}

/** Each message that servers logged, with its cause, and how often. */
function logged(world: ClusterWorld): ReadonlyMap<string, number> {
  const messages = new Map<string, number>();
  for (const line of world.logged().split('\n')) {
    const [, message = line] = /"msg":"([^"]*)"/.exec(line) ?? [];
    const [, cause] = /"(?:err|error)":(?:\{[^}]*?"message":)?"([^"]*)"/.exec(line) ?? [];
    const text = cause === undefined ? message : `${message} (${cause})`;
    if (text !== '') messages.set(text, (messages.get(text) ?? 0) + 1);
  }
  return messages;
}
