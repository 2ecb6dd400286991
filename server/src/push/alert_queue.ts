/**
 * The alerts of the outbox that are being sent: takes them from the store, some of each app at a time, finds the
 * devices that each goes to, and completes those that are settled for all.
 */
import type { Store } from '../store/port.js';
import type { Audience, DeviceWithBadge, OutboxAlert } from '../store/push_port.js';
import { OpenAlert } from './open_alert.js';
import { SingleFlight } from './single_flight.js';

export interface AlertQueueSettings {
  /** How many alerts of an app are sent at once; the others wait in the outbox … */
  readonly openAlerts: number;
  /** … unless fewer devices than this are waited for: one that is out of reach holds up no other. */
  readonly openPushes: number;
  /** After this time another node takes over an alert of a node that died. */
  readonly alertClaimMs: number;
}

/** The devices of some users of an audience. */
export interface DevicesOfSome {
  readonly devices: readonly DeviceWithBadge[];
  /** The audience is large. */
  readonly isBulk: boolean;
}

export interface AlertToSend {
  readonly alert: OpenAlert;
  /** It goes to many devices: others go first. */
  readonly isBulk: boolean;
}

export interface AlertQueueDeps {
  readonly store: Store;
  readonly now: () => number;
  readonly settings: AlertQueueSettings;
  /** The devices of an audience, some at a time. */
  readonly devicesOf: (app: string, audience: Audience) => AsyncIterable<DevicesOfSome>;
  readonly send: (app: string, device: DeviceWithBadge, alert: AlertToSend) => void;
  /** Runs the work in the background, and reports its errors. */
  readonly inBackground: (work: () => Promise<void>) => void;
  readonly isClosed: () => boolean;
}

export class AlertQueue {
  readonly #deps: AlertQueueDeps;
  /** By app, and in it by id. */
  readonly #open = new Map<string, Map<number, OpenAlert>>();
  readonly #claims = new SingleFlight();

  constructor(deps: AlertQueueDeps) {
    this.#deps = deps;
  }

  /** Takes as many alerts of the app as there is room for. */
  take(app: string): Promise<void> {
    return this.#claims.run(app, async () => {
      const { store, now, settings, isClosed } = this.#deps;
      for (let room = this.#room(app); room > 0 && !isClosed(); room = this.#room(app)) {
        const time = { now: now(), until: now() + settings.alertClaimMs };
        const claimed = await store.push.claimAlerts(app, room, time);
        if (claimed.length === 0) return;
        for (const alert of claimed) if (!this.#openOf(app).has(alert.id)) await this.#expand(alert);
      }
    });
  }

  /** Keeps the claims of the alerts that are being sent. Alerts that another server has claimed are dropped. */
  async renew(): Promise<void> {
    const { store, now, settings } = this.#deps;
    for (const [app, alerts] of this.#open) {
      const time = { now: now(), until: now() + settings.alertClaimMs };
      const asked = [...alerts.values()];
      if (asked.length === 0) continue;
      const own = new Set(await store.push.renewAlerts(app, [...alerts.keys()], time));
      for (const alert of asked) if (!own.has(alert.id)) this.#drop(alert);
    }
  }

  /** The claims of all alerts are lost. */
  abandon(): void {
    for (const alerts of this.#open.values()) for (const alert of [...alerts.values()]) this.#drop(alert);
  }

  /** Drops expired alerts, which would otherwise wait forever for a device that is out of reach, and deleted apps. */
  tidy(apps: ReadonlySet<string>): void {
    for (const [app, alerts] of this.#open) {
      for (const alert of [...alerts.values()]) if (alert.expiresAt <= this.#deps.now()) alert.expire();
      if (!apps.has(app)) this.#open.delete(app);
    }
  }

  async #expand(alert: OutboxAlert): Promise<void> {
    const { app, audience, settled } = alert;
    const open = new OpenAlert(alert, (complete) => this.#complete(complete));
    this.#openOf(app).set(alert.id, open);
    try {
      if (open.expiresAt > this.#deps.now()) await this.#send(open, audience, settled);
    } catch (error) {
      // It is taken again once its claim has run out.
      this.#drop(open);
      throw error;
    }
    open.expanded();
  }

  async #send(open: OpenAlert, audience: Audience, settled: ReadonlySet<string>): Promise<void> {
    for await (const { devices, isBulk } of this.#deps.devicesOf(open.app, audience)) {
      for (const device of devices) {
        if (settled.has(device.id) || open.isComplete) continue;
        open.add(device.id, device.user);
        this.#deps.send(open.app, device, { alert: open, isBulk });
      }
    }
  }

  /** It is not sent any more, and stays in the outbox. */
  #drop(alert: OpenAlert): void {
    alert.abandon();
    const alerts = this.#open.get(alert.app);
    if (alerts?.get(alert.id) === alert) alerts.delete(alert.id);
  }

  #complete({ app, id }: OpenAlert): void {
    this.#deps.inBackground(async () => {
      await this.#deps.store.push.completeAlert(app, id, this.#deps.now());
      this.#open.get(app)?.delete(id);
      await this.take(app);
    });
  }

  #openOf(app: string): Map<number, OpenAlert> {
    const open = this.#open.get(app) ?? new Map<number, OpenAlert>();
    this.#open.set(app, open);
    return open;
  }

  #room(app: string): number {
    const { openAlerts, openPushes } = this.#deps.settings;
    const open = this.#openOf(app);
    if (open.size < openAlerts) return openAlerts - open.size;
    let waiting = 0;
    for (const alert of open.values()) waiting += alert.waiting;
    return waiting < openPushes ? openAlerts : 0;
  }
}
