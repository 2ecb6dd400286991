/** The metrics of push delivery, for Prometheus. Labels name platforms and verdicts, never an app, a user or a device. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { type Platform, platforms } from '../push_target.js';
import { pauseKinds, type VerdictKind } from '../push_verdict.js';
import type { Store } from '../store/port.js';
import type { PausedLane } from './dispatcher.js';

/** Counting the alerts of so many apps takes well under a millisecond. */
const appsInARow = 50;

export type CountPush = (platform: Platform, outcome: VerdictKind | 'logged') => void;

export function pushCounter(registry: Registry): CountPush {
  const pushes = new Counter({
    name: 'badged_pushes_total',
    help: 'Pushes by platform and verdict. Those of apps without credentials are logged.',
    labelNames: ['platform', 'verdict'] as const,
    registers: [registry],
  });
  return (platform, verdict) => pushes.inc({ platform, verdict });
}

export function reportDelivery(
  store: Store,
  delivery: { readonly paused: readonly PausedLane[]; heldBack(platform: Platform): number },
  registry: Registry,
): void {
  const depth = outboxDepth(store);
  new Gauge({
    name: 'badged_push_outbox_alerts',
    help: 'Alerts that are waiting or being sent.',
    registers: [registry],
    async collect() {
      this.set(await depth());
    },
  });
  new Gauge({
    name: 'badged_push_resting_transports',
    help: 'Apps whose push delivery is paused, by platform and reason.',
    labelNames: ['platform', 'kind'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const platform of platforms) {
        for (const kind of pauseKinds) {
          const paused = delivery.paused.filter((each) => each.platform === platform && each.kind === kind);
          this.set({ platform, kind }, paused.length);
        }
      }
    },
  });
  new Gauge({
    name: 'badged_push_held_back_devices',
    help: 'Devices whose newest number is held back, because their provider would delay it.',
    labelNames: ['platform'] as const,
    registers: [registry],
    collect() {
      for (const platform of platforms) this.set({ platform }, delivery.heldBack(platform));
    },
  });
}

/**
 * Counted app by app. With ten thousand apps an embedded store takes a tenth of a second, so requests are served in
 * between, and callers that come meanwhile share the same count.
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
