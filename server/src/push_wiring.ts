/** Plugs push delivery into the store, the credentials, the log and the metrics. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Delivery } from './push/delivery.js';
import type { DispatcherSettings } from './push/dispatcher.js';
import { pushCounter, reportDelivery } from './push/metrics.js';
import { openProviders, type ProviderSettings } from './push/providers.js';
import { storedCredentials, unreadableCredentials } from './service/push_credentials.js';
import type { SecretKey } from './service/sealing.js';
import type { Service } from './service/service.js';
import { type Store, StoreUnavailable } from './store/port.js';

export interface PushConfig extends ProviderSettings {
  readonly coalesceMs?: number;
  /** How long a push is retried. */
  readonly notificationTtlMs?: number;
  /** How fast pushes are retried and paused. Tests set shorter times. */
  readonly dispatcher?: Partial<DispatcherSettings>;
}

interface DeliveryDeps {
  readonly store: Store;
  readonly secretKey: SecretKey;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** The dispatcher is not started: call `start()` once requests are accepted. */
export function openDelivery(
  { store, secretKey, logger, metrics }: DeliveryDeps,
  { coalesceMs, dispatcher, notificationTtlMs: _, ...settings }: PushConfig = {},
): Delivery {
  const providers = openProviders({
    settings,
    credentials: async (app, platform) => {
      const stored = await storedCredentials({ store, secretKey }, app, platform);
      return stored === 'unreadable' ? stored : stored?.credentials;
    },
    log: logger,
    onOutcome: pushCounter(metrics),
  });
  const delivery = new Delivery({
    store,
    providers,
    now: Date.now,
    settings: { ...dispatcher, ...(coalesceMs !== undefined && { coalesceMs }) },
    onError: (error) => {
      // Pushes are tried again: what is pending is stored.
      if (error instanceof StoreUnavailable)
        logger.warn({ err: error }, 'Push delivery waits for the database.');
      else logger.error({ err: error }, 'A push failed with an internal error.');
    },
  });
  reportDelivery(store, delivery, metrics);
  return delivery;
}

/** Logs the apps whose credentials the secret key cannot open. Nothing is lost: their pushes are paused. */
export async function reportUnreadable(service: Service, logger: Logger): Promise<void> {
  const unreadable = await unreadableCredentials(service);
  if (unreadable.length === 0) return;
  logger.error(
    { unreadable },
    'These push credentials were sealed with another secret key. Start with that key again ' +
      '(--secret-key, BADGED_SECRET_KEY or secret.key in the data directory), or set the credentials anew.',
  );
}
