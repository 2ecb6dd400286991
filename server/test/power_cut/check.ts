/** Opens what a power cut left, and compares it with what had been acknowledged by then. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { restoreDirectory } from '../../src/store/embedded.js';
import { openHost } from '../../src/store/host/store.js';
import { verify } from '../../src/store/host/verify.js';
import { openSqliteEngine } from '../../src/store/sqlite/engine.js';
import { type Acknowledged, counted, listener, reader } from './traffic.js';

/** The highest value of each name. */
export type Facts = ReadonlyMap<string, number>;

export function factsUntil(acknowledged: readonly Acknowledged[], at: number): Facts {
  const facts = new Map<string, number>();
  for (const { at: when, name, value } of acknowledged)
    if (when < at) facts.set(name, Math.max(value, facts.get(name) ?? 0));
  return facts;
}

const backup = 'backup.db';

/**
 * What is wrong with a data directory, in sentences. A backup in it is restored, and must have what was acknowledged before it
 * was begun.
 */
export async function problemsOf(
  directory: string,
  app: string,
  facts: Facts,
  backupFacts?: Facts,
): Promise<readonly string[]> {
  const problems = [...(await problemsOfData(directory, app, facts))];
  if (backupFacts === undefined) return problems;
  const restored = `${directory}-restored`;
  try {
    restoreDirectory(join(directory, backup), restored);
    const found = await problemsOfData(restored, app, backupFacts);
    problems.push(...found.map((problem) => `in the backup: ${problem}`));
  } catch (error) {
    problems.push(`the backup is not restored: ${error}`);
  } finally {
    rmSync(restored, { recursive: true, force: true });
  }
  return problems;
}

async function problemsOfData(directory: string, app: string, facts: Facts): Promise<readonly string[]> {
  let engine: ReturnType<typeof openSqliteEngine> | undefined;
  try {
    engine = openSqliteEngine({ directory });
    const checkpoints = { journalRows: Number.MAX_SAFE_INTEGER, intervalMs: Number.MAX_SAFE_INTEGER };
    const store = await openHost(engine, { checkpoints });
    const problems = [...(await missing(store, app, facts))];
    const { differences } = await verify(engine);
    return [...problems, ...differences.map((difference) => `verify: ${difference}`)];
  } catch (error) {
    return [`it does not open: ${error}`];
  } finally {
    await engine?.close();
  }
}

async function missing(
  store: Awaited<ReturnType<typeof openHost>>,
  app: string,
  facts: Facts,
): Promise<readonly string[]> {
  const now = Date.now();
  const heads = await store.ask(app, { type: 'explanation', user: listener, now });
  const head = (room: string) => heads?.conversations.find(({ id }) => id === room)?.head ?? 0;
  const storedValue = async (name: string): Promise<number> => {
    if (name === 'external')
      return (await store.ask(app, { type: 'badge', user: counted, now }))?.externalUnreadCount ?? 0;
    const room = /^read (.*)$/.exec(name)?.[1];
    if (room === undefined) return head(name);
    const seen = await store.ask(app, { type: 'user_conversation', user: reader, conversation: room, now });
    return head(room) - (seen?.unreadMessageCount ?? Number.POSITIVE_INFINITY);
  };
  const problems: string[] = [];
  for (const [name, value] of facts) {
    const found = await storedValue(name);
    if (found < value) problems.push(`${name} was acknowledged at ${value}, and is ${found}`);
  }
  return problems;
}
