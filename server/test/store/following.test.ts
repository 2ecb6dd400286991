/** Following the appends of other servers: what counts as an event that the log lost. */
import type { Event } from '@badged/core';
import { expect, test } from 'vitest';
import type { LogRow } from '../../src/store/engine.js';
import { Following } from '../../src/store/host/following.js';
import { Heads } from '../../src/store/host/heads.js';
import { SharedApp } from '../../src/store/host/shared_app.js';
import { anApp } from './scenario.js';

const event: Event = { type: 'external', users: [[0, 'ann', 0]], counts: [[0, '', 1]] };

test('an event is not lost if the read of the log that is running began before it', async () => {
  const app = new SharedApp({ number: 1, app: anApp() }, new Uint8Array(32));
  const lost: number[] = [];
  const log: LogRow[] = [{ seq: 1, event }];
  let [appliedFirst, endFirst] = [() => {}, () => {}];
  const applied = new Promise<void>((resolve) => {
    appliedFirst = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    endFirst = resolve;
  });
  const following = new Following({
    engine: {
      onHint: () => {},
      async *eventsAfter(_, { seq }) {
        yield log.filter((row) => row.seq > seq);
        if (seq > 0) return;
        appliedFirst();
        await ended;
      },
    },
    heads: new Heads(
      async () => ({ registry: { number: 0, stamp: 0 }, apps: new Map() }),
      () => undefined,
    ),
    loading: { all: () => [app], peek: () => app },
    onChange: () => {},
    onRegistry: async () => {},
    onLoss: async (_, head) => {
      lost.push(head);
    },
  });
  const first = following.reach(app, 1);
  await applied;
  log.push({ seq: 2, event });
  const second = following.reach(app, 2);
  endFirst();
  await Promise.all([first, second]);
  expect({ lost, committed: app.committed }).toEqual({ lost: [], committed: 2 });
});
