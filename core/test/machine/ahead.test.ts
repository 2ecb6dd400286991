/** Which queries events that no one may see yet concern: the others have the same result with and without them. */
import { Ahead, parseEvent } from '@badged/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryLog, newMachine } from './memory_log.js';
import { command, everyUser } from './random_commands.js';

const now = 1_500;

const queriesOf = (user: string) => [
  { type: 'explanation' as const, user, now },
  { type: 'badge' as const, user, now },
  { type: 'badges' as const, users: [user], now },
  { type: 'blocks' as const, user },
  { type: 'chat_badges' as const, user, now },
  {
    ...{ type: 'user_conversations' as const, user, sortBy: 'created_at' as const },
    ...{ limit: 10, unreadOnly: false, now },
  },
];

test('a query that concerns none of the events has the same result without them, for random commands', () => {
  const earlier = fc.array(command, { maxLength: 40 });
  const batch = fc.array(command, { minLength: 1, maxLength: 3 });
  let unconcerned = 0;
  fc.assert(
    fc.property(earlier, batch, fc.constantFrom(0, 8), (commands, last, listed) => {
      const machine = newMachine();
      const log = new MemoryLog();
      for (const each of commands) log.execute(machine, each);
      const queries = everyUser.flatMap(queriesOf);
      const results = () => queries.map((query) => log.ask(machine, query));
      const without = results();
      const { length } = log.rows;
      for (const each of last) log.execute(machine, each);
      const events = log.rows.slice(length).map(parseEvent);
      const ahead = new Ahead(machine.state, events, listed);
      const withThem = results();
      for (const [index, query] of queries.entries()) {
        if (ahead.concerns(query)) continue;
        unconcerned += events.length > 0 ? 1 : 0;
        expect(withThem[index], JSON.stringify(query)).toEqual(without[index]);
      }
    }),
    { numRuns: 300 },
  );
  expect(unconcerned).toBeGreaterThan(0);
});
