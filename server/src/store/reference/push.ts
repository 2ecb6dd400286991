/** What push delivery stores, in the reference: each method finds the app's lists and makes one change to them or reads them. */
import type {
  AlertContent,
  Audience,
  Claim,
  ClaimTime,
  Device,
  DeviceState,
  DeviceWithBadge,
  DueApp,
  NewDevice,
  OutboxAlert,
  PushStore,
  RegisterOptions,
  Settlement,
  WantedPush,
} from '../push_port.js';
import { meant } from './audience.js';
import * as devices from './devices.js';
import * as outbox from './outbox.js';
import { type PushState, type StoredDevice, view } from './push_state.js';
import type { ReferenceRegistry } from './registry.js';
import type { AppState } from './state.js';

export class ReferencePushStore implements PushStore {
  private readonly apps: ReferenceRegistry;

  constructor(apps: ReferenceRegistry) {
    this.apps = apps;
  }

  async register(app: string, device: NewDevice, options: RegisterOptions): Promise<readonly Device[]> {
    const push = this.push(app);
    return push ? devices.register(push, structuredClone(device), options).map(view) : [];
  }

  async unregister(app: string, user: string, device: string): Promise<Device | undefined> {
    const push = this.push(app);
    const found = push && devices.unregister(push, user, device);
    return found && view(found);
  }

  async device(app: string, device: string): Promise<Device | undefined> {
    const push = this.push(app);
    const found = push && devices.find(push, device);
    return found && view(found);
  }

  async devices(app: string, users: readonly string[], now: number): Promise<readonly DeviceWithBadge[]> {
    const state = this.apps.state(app);
    if (!state) return [];
    const found = users.flatMap((user) => devices.listed(state.push, user));
    return found.map((each) => withBadge(state, each, now));
  }

  async devicesAfter(
    app: string,
    device: string,
    limit: number,
    now: number,
  ): Promise<readonly DeviceWithBadge[]> {
    const state = this.apps.state(app);
    if (!state) return [];
    return devices.after(state.push, device, limit).map((each) => withBadge(state, each, now));
  }

  async recipients(app: string, audience: Audience, now: number): Promise<readonly string[]> {
    const state = this.apps.state(app);
    if (!state) return [];
    const present = state.push.devices.filter((each) => !each.isUnregistering);
    return meant(
      state,
      audience,
      present.map((each) => each.user),
      now,
    );
  }

  async claimDevices(app: string, wanted: readonly WantedPush[], time: ClaimTime): Promise<readonly Claim[]> {
    const state = this.apps.state(app);
    return wanted.map((each) => (state ? devices.claim(state, each, time) : { kind: 'gone' }));
  }

  async settle(
    app: string,
    settlements: readonly Settlement[],
    now: number,
  ): Promise<readonly DeviceState[]> {
    const state = this.apps.state(app);
    if (!state) return settlements.map(() => 'gone');
    for (const settlement of structuredClone(settlements)) {
      devices.settle(state.push, settlement, now);
      if (settlement.alert !== undefined) outbox.settle(state.push, settlement.alert, settlement.device);
    }
    return settlements.map(({ device }) => devices.deviceState(state, device, now));
  }

  async forget(app: string, device: string, since: number): Promise<boolean> {
    const push = this.push(app);
    return push !== undefined && devices.forget(push, device, since);
  }

  async enqueue(
    app: string,
    { id, users, content }: { id: string; users: readonly string[]; content: AlertContent },
  ): Promise<boolean> {
    const push = this.push(app);
    if (!push || !outbox.add(push, id, { kind: 'users', users }, content)) return false;
    this.apps.changes.tell({ app, audience: { kind: 'users', users: [] }, hasAlert: true });
    return true;
  }

  async claimAlerts(app: string, limit: number, time: ClaimTime): Promise<readonly OutboxAlert[]> {
    const push = this.push(app);
    return push ? outbox.claim(push, app, limit, time) : [];
  }

  async renewAlerts(_app: string, alerts: readonly number[]): Promise<readonly number[]> {
    return alerts;
  }

  async dueApps(): Promise<readonly DueApp[]> {
    const apps = await this.apps.list();
    return apps.map(({ id }) => ({ app: id, hasAlerts: true, hasDevices: true, mark: 0 }));
  }

  async walked(): Promise<void> {}

  onServers(): () => void {
    return () => {};
  }

  async completeAlert(app: string, alert: number): Promise<void> {
    const push = this.push(app);
    if (push) outbox.complete(push, alert);
  }

  async depth(app: string): Promise<number> {
    const push = this.push(app);
    return push ? outbox.open(push).length : 0;
  }

  async credentials(app: string, platform: string): Promise<Uint8Array | undefined> {
    return this.push(app)?.credentials.get(platform)?.slice();
  }

  async setCredentials(app: string, platform: string, sealed: Uint8Array | undefined): Promise<void> {
    const push = this.push(app);
    if (!push) return;
    devices.doubt(push, platform);
    if (sealed) push.credentials.set(platform, sealed.slice());
    else push.credentials.delete(platform);
  }

  private push(app: string): PushState | undefined {
    return this.apps.state(app)?.push;
  }
}

function withBadge(state: AppState, device: StoredDevice, now: number): DeviceWithBadge {
  return { ...view(device), badge: devices.iconNumber(state, device, now) };
}
