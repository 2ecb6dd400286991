/** Records, in the reference: one list for each app, in the order of insertion. */
import type { RecordStore, StoredRecord } from '../record_port.js';
import type { ReferenceRegistry } from './registry.js';
import type { AppRecord } from './state.js';

export class ReferenceRecords implements RecordStore {
  private readonly apps: ReferenceRegistry;

  constructor(apps: ReferenceRegistry) {
    this.apps = apps;
  }

  async insert(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean> {
    const state = this.apps.state(app);
    if (!state || this.find(app, kind, record.id, now)) return false;
    state.records = state.records.filter((each) => isAlive(each, now));
    state.records.push({ ...record, kind });
    return true;
  }

  async update(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean> {
    const state = this.apps.state(app);
    const before = this.find(app, kind, record.id, now);
    if (!state || !before) return false;
    state.records = state.records.map((each) => (each === before ? { ...record, kind } : each));
    return true;
  }

  async get(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined> {
    const found = this.find(app, kind, id, now);
    return found && plain(found);
  }

  async take(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined> {
    const state = this.apps.state(app);
    const taken = this.find(app, kind, id, now);
    if (!taken || !state) return undefined;
    state.records = state.records.filter((each) => each !== taken);
    return plain(taken);
  }

  async list(app: string, kind: string, owner: string, now: number): Promise<readonly StoredRecord[]> {
    return this.alive(app, now)
      .filter((each) => each.kind === kind && each.owner === owner)
      .map(plain);
  }

  private find(app: string, kind: string, id: string, now: number): AppRecord | undefined {
    return this.alive(app, now).find((each) => each.kind === kind && each.id === id);
  }

  private alive(app: string, now: number): AppRecord[] {
    return (this.apps.state(app)?.records ?? []).filter((each) => isAlive(each, now));
  }
}

function isAlive({ expiresAt }: AppRecord, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

function plain({ id, owner, value, expiresAt }: AppRecord): StoredRecord {
  return { id, owner, value, expiresAt };
}
