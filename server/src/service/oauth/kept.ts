/** Records of one kind, with their values as what they are. What does not fit its schema is a bug, not a value. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { StoredRecord } from '../../store/record_port.js';
import type { Service } from '../service.js';

export interface Kept<T> {
  readonly id: string;
  readonly owner?: string;
  readonly value: T;
  /** Null: never. */
  readonly expiresAt: number | null;
}

export interface Kind<T> {
  insert(service: Service, app: string, kept: Kept<T>): Promise<boolean>;
  update(service: Service, app: string, kept: Kept<T>): Promise<boolean>;
  get(service: Service, app: string, id: string): Promise<Kept<T> | undefined>;
  take(service: Service, app: string, id: string): Promise<Kept<T> | undefined>;
  list(service: Service, app: string, owner?: string): Promise<readonly Kept<T>[]>;
}

export function kind<S extends TSchema>(name: string, schema: S): Kind<Static<S>> {
  const validator = Compile(schema);
  const read = (record: StoredRecord): Kept<Static<S>> => {
    const value: unknown = JSON.parse(record.value);
    if (!validator.Check(value)) throw new Error(`the record ${name} is not of its form`);
    return { id: record.id, owner: record.owner, value, expiresAt: record.expiresAt };
  };
  const optional = (record: StoredRecord | undefined) => (record === undefined ? undefined : read(record));
  return {
    insert: ({ store, now }, app, kept) => store.records.insert(app, name, written(kept), now()),
    update: ({ store, now }, app, kept) => store.records.update(app, name, written(kept), now()),
    get: async ({ store, now }, app, id) => optional(await store.records.get(app, name, id, now())),
    take: async ({ store, now }, app, id) => optional(await store.records.take(app, name, id, now())),
    list: async ({ store, now }, app, owner = '') =>
      (await store.records.list(app, name, owner, now())).map(read),
  };
}

function written({ id, owner = '', value, expiresAt }: Kept<unknown>): StoredRecord {
  return { id, owner, value: JSON.stringify(value), expiresAt };
}
