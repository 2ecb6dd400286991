/**
 * The named shapes of the OpenAPI document. A schema with an `$id` becomes a component, and every place that uses it
 * refers to the component by name. Fastify and TypeBox use the same schemas without references.
 */

/** Keywords whose values are data and not schemas. */
const dataKeywords = new Set(['const', 'default', 'enum', 'example', 'examples', 'required', 'type']);

export class NamedSchemas {
  readonly #components = new Map<string, object>();

  /** The components so far, by name in alphabetical order. */
  get components(): Readonly<Record<string, object>> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * Returns the schema with a reference in place of every part that has an `$id`.
   * @throws Error if two different schemas have the same `$id`.
   */
  refer(schema: object): object {
    const { $id, ...rest }: { $id?: unknown } = this.#referInside(schema);
    return typeof $id === 'string' ? this.name($id, rest) : rest;
  }

  /**
   * Makes the schema a component, and returns a reference to it. A schema that also allows null becomes a component
   * without null, and a choice of the two.
   */
  name(name: string, schema: object): object {
    const { type, ...rest }: { type?: unknown } = schema;
    if (!Array.isArray(type)) return this.#add(name, schema);
    const [notNull, ...others] = type.filter((one) => one !== 'null');
    if (others.length > 0)
      throw new Error(`${name} has several types. A named schema has one, or that and null.`);
    return { anyOf: [this.#add(name, { type: notNull, ...rest }), { type: 'null' }] };
  }

  #add(name: string, schema: object): object {
    const known = this.#components.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`Two different schemas have the $id ${name}.`);
    this.#components.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  }

  #referInside(schema: object): object {
    const entries = Object.entries(schema).map(([keyword, value]: [string, unknown]) => [
      keyword,
      dataKeywords.has(keyword) ? value : this.#referWithin(keyword, value),
    ]);
    return Object.fromEntries(entries);
  }

  /** The keys below `properties` are names of properties, and one may be the name of a keyword. */
  #referWithin(keyword: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#referWithin('', item));
    if (typeof value !== 'object' || value === null) return value;
    if (keyword !== 'properties') return this.refer(value);
    return Object.fromEntries(
      Object.entries(value).map(([name, property]: [string, unknown]) => [
        name,
        this.#referWithin('', property),
      ]),
    );
  }
}
