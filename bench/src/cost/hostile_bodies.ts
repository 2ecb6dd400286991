/**
 * Hostile bodies for any operation, made from its own schema in the OpenAPI document: as large as a body may be, in
 * every shape that costs a parser or a validator more than it costs the sender.
 */

export interface HostileBody {
  readonly shape: string;
  readonly text: string;
}

/** `sample` is a valid body, whose properties are replaced one at a time. `bytes` is the size to reach. */
export function hostileBodies(schema: unknown, sample: object, bytes: number): HostileBody[] {
  const whole: HostileBody[] = [
    { shape: 'nested arrays', text: '['.repeat(bytes) },
    { shape: 'nested objects', text: '{"a":'.repeat(Math.floor(bytes / 5)) },
    { shape: 'unknown keys', text: keys(bytes) },
    { shape: 'a list of numbers', text: `[${filled('1,', bytes)}1]` },
    { shape: 'a list of empty objects', text: `[${filled('{},', bytes)}{}]` },
  ];
  const properties = Object.entries(propertiesOf(schema)).flatMap(([name, property]) =>
    shapesOf(property, bytes).map(({ shape, text }) => ({
      shape: `${name}: ${shape}`,
      text: withProperty(sample, name, text),
    })),
  );
  return [...whole, ...properties];
}

function shapesOf(property: unknown, bytes: number): HostileBody[] {
  const types = new Set(typesOf(property));
  const shapes: HostileBody[] = [];
  if (types.has('array')) {
    shapes.push({ shape: 'numbers', text: `[${filled('1,', bytes)}1]` });
    shapes.push({ shape: 'empty objects', text: `[${filled('{},', bytes)}{}]` });
    shapes.push({ shape: 'short strings', text: `[${filled('"a",', bytes)}"a"]` });
    shapes.push({ shape: 'different strings', text: `[${differentStrings(bytes)}]` });
  }
  if (types.has('object')) shapes.push({ shape: 'many keys', text: keys(bytes) });
  if (types.has('string')) shapes.push({ shape: 'a long string', text: `"${'x'.repeat(bytes)}"` });
  return shapes;
}

function withProperty(sample: object, name: string, text: string): string {
  const others = Object.entries(sample).filter(([key]) => key !== name);
  const members = others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${[...members, `${JSON.stringify(name)}:${text}`].join()}}`;
}

function keys(bytes: number): string {
  const count = Math.floor(bytes / 13);
  return `{${Array.from({ length: count }, (_, index) => `"k${String(index).padStart(7, '0')}":1`).join()}}`;
}

function differentStrings(bytes: number): string {
  return Array.from(
    { length: Math.floor(bytes / 11) },
    (_, index) => `"${String(index).padStart(8, 'u')}"`,
  ).join();
}

function filled(piece: string, bytes: number): string {
  return piece.repeat(Math.floor(bytes / piece.length));
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
