/** Push delivery's figures for Prometheus. Labels name platforms and verdicts, never an app, a user or a device. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Platform } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { RestingLane } from './dispatcher.js';
import type { Verdict } from './transport/verdict.js';

/** Counting these takes well below a millisecond. */
const appsInARow = 50;

export type CountPush = (platform: Platform, outcome: Verdict['kind'] | 'logged') => void;

export function pushCounter(registry: Registry): CountPush {
  const pushes = new Counter({
    name: 'badged_pushes_total',
    help: 'Pushes by platform and by what the provider made of them; logged are those of apps without credentials.',
    labelNames: ['platform', 'verdict'] as const,
    registers: [registry],
  });
  return (platform, verdict) => pushes.inc({ platform, verdict });
}

export function reportDelivery(
  store: Store,
  delivery: { readonly resting: readonly RestingLane[] },
  registry: Registry,
): void {
  const depth = outboxDepth(store);
  new Gauge({
    name: 'badged_push_outbox_alerts',
    help: 'Alerts that are not yet settled for all the devices they go to.',
    registers: [registry],
    async collect() {
      this.set(await depth());
    },
  });
  new Gauge({
    name: 'badged_push_resting_transports',
    help: 'Of how many apps the pushes wait, because a provider is out of reach or refuses the credentials.',
    labelNames: ['platform', 'kind'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const platform of ['apns', 'fcm', 'webpush'] as const) {
        for (const kind of ['unreachable', 'misconfigured'] as const) {
          const resting = delivery.resting.filter((each) => each.platform === platform && each.kind === kind);
          this.set({ platform, kind }, resting.length);
        }
      }
    },
  });
}

/**
 * Counted app by app. With ten thousand apps an embedded store is at it for a tenth of a second, in which nobody
 * else would be served: so requests come in between, and whoever asks meanwhile gets the same count.
 */
function outboxDepth(store: Store): () => Promise<number> {
  let counting: Promise<number> | undefined;
  return () => {
    counting ??= countAlerts(store).finally(() => {
      counting = undefined;
    });
    return counting;
  };
}

async function countAlerts(store: Store): Promise<number> {
  let alerts = 0;
  for (const [index, { id }] of (await store.apps.list()).entries()) {
    alerts += await store.push.depth(id);
    if (index % appsInARow === appsInARow - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return alerts;
}
