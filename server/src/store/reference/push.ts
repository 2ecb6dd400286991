/** What push delivery keeps, in the reference: each method finds the app's lists and does its one thing to them. */
import type {
  AlertContent,
  Audience,
  Device,
  NewDevice,
  OutboxAlert,
  PushStore,
  Settlement,
} from '../push_port.js';
import { meant } from './audience.js';
import * as devices from './devices.js';
import * as outbox from './outbox.js';
import type { PushState } from './push_state.js';
import type { ReferenceRegistry } from './registry.js';

export class ReferencePushStore implements PushStore {
  private readonly apps: ReferenceRegistry;

  constructor(apps: ReferenceRegistry) {
    this.apps = apps;
  }

  async register(
    app: string,
    device: NewDevice,
    limits: Parameters<PushStore['register']>[2],
  ): Promise<void> {
    const push = this.push(app);
    if (push) devices.register(push, structuredClone(device), limits);
  }

  async unregister(app: string, user: string, device: string): Promise<boolean> {
    const push = this.push(app);
    return push !== undefined && devices.unregister(push, user, device);
  }

  async devices(app: string, user: string): Promise<readonly Device[]> {
    const push = this.push(app);
    return push ? devices.listed(push, user).map(devices.view) : [];
  }

  async devicesAfter(app: string, device: string, limit: number): Promise<readonly Device[]> {
    const push = this.push(app);
    return push ? devices.after(push, device, limit).map(devices.view) : [];
  }

  async device(app: string, device: string): Promise<Device | undefined> {
    const push = this.push(app);
    const found = push && devices.find(push, device);
    return found && devices.view(found);
  }

  async audience(app: string, audience: Audience, now: number): Promise<readonly string[]> {
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

  async begin(
    app: string,
    ids: readonly string[],
    claim: Parameters<PushStore['begin']>[2],
  ): Promise<ReadonlySet<string>> {
    const push = this.push(app);
    return push ? devices.begin(push, ids, claim) : new Set();
  }

  async end(app: string, settlements: readonly Settlement[], now: number): Promise<void> {
    const push = this.push(app);
    if (!push) return;
    for (const settlement of structuredClone(settlements)) {
      devices.end(push, settlement, now);
      if (settlement.alert !== undefined) outbox.settle(push, settlement.alert, settlement.device);
    }
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

  async claim(
    app: string,
    limit: number,
    claim: Parameters<PushStore['claim']>[2],
  ): Promise<readonly OutboxAlert[]> {
    const push = this.push(app);
    return push ? outbox.claim(push, app, limit, claim) : [];
  }

  async complete(app: string, alert: number): Promise<void> {
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
