/**
 * Hostile bodies for any operation, made from its own schema in the OpenAPI document: in every shape that costs a parser or a
 * validator more than it costs the sender. Each shape is made as large as a body may be, and again with as much in it as the
 * server's limits on JSON allow.
 */
import { limits } from '@badged/core';

export interface HostileBody {
  readonly shape: string;
  readonly body: Buffer;
}

/** How much a body holds. */
interface Size {
  readonly bytes: number;
  readonly values: number;
  readonly members: number;
  readonly containers: number;
  readonly depth: number;
}

/** A little less than what is allowed, since a shape stands inside of a body. */
const withinLimits = {
  values: limits.jsonValues - 100,
  members: limits.jsonMembers - 100,
  containers: limits.jsonContainers - 100,
  depth: limits.jsonDepth - 8,
};
const unlimited = Number.POSITIVE_INFINITY;
const withoutLimits = { values: unlimited, members: unlimited, containers: unlimited, depth: unlimited };

type Shape = readonly [name: string, make: (size: Size) => string];

const anyShapes: readonly Shape[] = [
  ['nested arrays', ({ bytes, depth }) => '['.repeat(Math.min(bytes, depth))],
  ['nested arrays, closed', ({ bytes, depth }) => closed('[', ']', Math.min(bytes / 2, depth))],
  ['nested objects', ({ bytes, depth }) => `${'{"a":'.repeat(Math.min(bytes / 5, depth))}1`],
];
const objectShapes: readonly Shape[] = [
  ['many keys', (size) => object(Math.min(size.members, size.bytes / 13), () => 7)],
  ['many long keys', (size) => object(size.members, (count) => Math.floor(size.bytes / count) - 5)],
  ['one key, repeated', ({ bytes, members }) => `{${filled('"a":1,', bytes, members)}"a":1}`],
];
const arrayShapes: readonly Shape[] = [
  ['numbers', ({ bytes, values }) => `[${filled('1,', bytes, values)}1]`],
  ['empty objects', ({ bytes, containers }) => `[${filled('{},', bytes, containers)}{}]`],
  ['objects of different keys', ({ bytes, containers }) => objects(Math.min(containers, bytes / 16))],
  ['short strings', ({ bytes, values }) => `[${filled('"a",', bytes, values)}"a"]`],
  ['different strings', ({ bytes, values }) => `[${strings(Math.min(values, bytes / 11))}]`],
];
const stringShapes: readonly Shape[] = [
  ['a long string', ({ bytes }) => `"${'x'.repeat(bytes)}"`],
  ['a long string of escapes', ({ bytes }) => `"${'\\u00e9'.repeat(bytes / 6)}"`],
  ['a long URI', ({ bytes }) => `"layer:///identities/${'%C3%A9'.repeat(bytes / 6 - 10)}"`],
];
const notUtf8: HostileBody = { shape: 'invalid UTF-8', body: Buffer.alloc(64 * 1024, 0xff) };

/** Shapes of the whole body. They are the same for each operation, so they are made once. */
export function hostileWholes(bytes: number): HostileBody[] {
  return [...bothSizes([...anyShapes, ...objectShapes, ...arrayShapes], bytes), notUtf8];
}

/** Shapes of each property; `sample` is a valid body, whose properties are replaced one at a time. */
export function* hostileProperties(schema: unknown, sample: object, bytes: number): Generator<HostileBody> {
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    const types = new Set(typesOf(property));
    const shapes = [
      ...(types.has('array') ? arrayShapes : []),
      ...(types.has('object') ? objectShapes : []),
      ...(types.has('string') ? stringShapes : []),
    ];
    for (const { shape, body } of bothSizes(shapes, bytes))
      yield { shape: `${name}: ${shape}`, body: withProperty(sample, name, body) };
  }
}

function bothSizes(shapes: readonly Shape[], bytes: number): HostileBody[] {
  return shapes.flatMap(([shape, make]) => {
    const within = { shape: `${shape}, within the limits`, body: made(make, { bytes, ...withinLimits }) };
    const largest = { shape, body: made(make, { bytes, ...withoutLimits }) };
    return within.body.equals(largest.body) ? [largest] : [largest, within];
  });
}

function made(make: Shape[1], size: Size): Buffer {
  return Buffer.from(make(size));
}

function withProperty(sample: object, name: string, value: Buffer): Buffer {
  const others = Object.entries(sample).filter(([key]) => key !== name);
  const members = others.map(([key, other]) => `${JSON.stringify(key)}:${JSON.stringify(other)},`);
  return Buffer.concat([
    Buffer.from(`{${members.join('')}${JSON.stringify(name)}:`),
    value,
    Buffer.from('}'),
  ]);
}

function closed(open: string, close: string, depth: number): string {
  return open.repeat(depth) + close.repeat(depth);
}

/** Keys that differ from each other, of a length that depends on how many there are. */
function object(most: number, keyLength: (count: number) => number): string {
  const count = Math.min(Math.floor(most), 600_000);
  const length = Math.max(7, keyLength(count));
  const members = Array.from({ length: count }, (_, index) => `"${String(index).padStart(length, 'k')}":1`);
  return `{${members.join()}}`;
}

function objects(most: number): string {
  const count = Math.floor(most);
  return `[${Array.from({ length: count }, (_, index) => `{"${String(index).padStart(8, 'k')}":1}`).join()}]`;
}

function strings(most: number): string {
  const count = Math.floor(most);
  return Array.from({ length: count }, (_, index) => `"${String(index).padStart(8, 'u')}"`).join();
}

function filled(piece: string, bytes: number, most: number): string {
  return piece.repeat(Math.min(Math.floor(bytes / piece.length), most));
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = member(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

/** Of any of the forms that the property may have. */
function typesOf(schema: unknown): string[] {
  const type = member(schema, 'type');
  const own = Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
  const forms = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => {
    const list = member(schema, name);
    return Array.isArray(list) ? list.flatMap(typesOf) : [];
  });
  // What may be anything may be each of them.
  const all = [...own, ...forms];
  return all.length > 0 ? all : ['array', 'object', 'string'];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
