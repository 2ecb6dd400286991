/** A collection of stored records with values of one schema. A value that does not match it is a bug. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { StoredRecord } from '../../store/record_port.js';
import type { Service } from '../service.js';

export interface CollectionRecord<T> {
  readonly id: string;
  readonly owner?: string;
  readonly value: T;
  /** In Unix milliseconds; null if the record does not expire. */
  readonly expiresAt: number | null;
}

export interface Collection<T> {
  insert(service: Service, app: string, record: CollectionRecord<T>): Promise<boolean>;
  update(service: Service, app: string, record: CollectionRecord<T>): Promise<boolean>;
  get(service: Service, app: string, id: string): Promise<CollectionRecord<T> | undefined>;
  take(service: Service, app: string, id: string): Promise<CollectionRecord<T> | undefined>;
  list(service: Service, app: string, owner?: string): Promise<readonly CollectionRecord<T>[]>;
}

export function collection<S extends TSchema>(name: string, schema: S): Collection<Static<S>> {
  const validator = Compile(schema);
  const read = (record: StoredRecord): CollectionRecord<Static<S>> => {
    const value: unknown = JSON.parse(record.value);
    if (!validator.Check(value)) throw new Error(`the record ${name} does not match its schema`);
    return { id: record.id, owner: record.owner, value, expiresAt: record.expiresAt };
  };
  const optional = (record: StoredRecord | undefined) => (record === undefined ? undefined : read(record));
  return {
    insert: ({ store, now }, app, record) => store.records.insert(app, name, toStored(record), now()),
    update: ({ store, now }, app, record) => store.records.update(app, name, toStored(record), now()),
    get: async ({ store, now }, app, id) => optional(await store.records.get(app, name, id, now())),
    take: async ({ store, now }, app, id) => optional(await store.records.take(app, name, id, now())),
    list: async ({ store, now }, app, owner = '') =>
      (await store.records.list(app, name, owner, now())).map(read),
  };
}

function toStored({ id, owner = '', value, expiresAt }: CollectionRecord<unknown>): StoredRecord {
  return { id, owner, value: JSON.stringify(value), expiresAt };
}
