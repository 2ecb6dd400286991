/** The statements of the engine: those that its sources hold, those that ran, and how the database would run each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { onTestFinished, vi } from 'vitest';

const sources = fileURLToPath(new URL('../../../src/store/postgres', import.meta.url));

export interface SourceStatement {
  /** The file, and the first words. */
  readonly name: string;
  readonly pattern: RegExp;
}

/** Moves the data of all apps at once, while nothing is served. */
const movesData = /^transfer/;

/** Every statement in a template or a string of the engine's other sources that reads or changes rows. */
export function sourceStatements(): readonly SourceStatement[] {
  const literal =
    /`\s*((?:select|insert|update|delete|with)\s[^`]*)`|'((?:select|insert|update|delete|with) [^\n]*)'/g;
  return readdirSync(sources)
    .filter((file) => !movesData.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(sources, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
      return [...text.matchAll(literal)].map(([, template, string]) => {
        const sql = (template ?? string ?? '').replaceAll("\\'", "'").replaceAll('\\\\', '\\');
        return { name: `${file}: ${shortened(sql)}`, pattern: patternOf(sql) };
      });
    });
}

/** What a placeholder of the source stands for may be anything. */
function patternOf(sql: string): RegExp {
  const parts = sql.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^\\s*${parts.join('[\\s\\S]*')}$`);
}

export function shortened(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim().slice(0, 90);
}

/** Until the test ends, what every connection of this process is asked to run, each once, with the values of its first run. */
export function recordStatements(): ReadonlyMap<string, readonly unknown[]> {
  const recorded = new Map<string, readonly unknown[]>();
  const original = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [first, second] = args;
    const isPrepared = typeof first === 'object' && first !== null && 'text' in first && 'values' in first;
    const [sql, values] = isPrepared ? [first.text, first.values] : [first, second];
    if (typeof sql === 'string' && !recorded.has(sql)) recorded.set(sql, Array.isArray(values) ? values : []);
    return Reflect.apply(original, this, args);
  });
  onTestFinished(() => spy.mockRestore());
  return recorded;
}

/** What in the statement's plan reads a whole table or a whole index. */
export async function wholeReads(
  client: pg.Client,
  sql: string,
  values: readonly unknown[],
): Promise<readonly string[]> {
  const { rows } = await client.query(`explain (format json) ${sql}`, [...values]);
  return rows.flatMap((row: unknown) => [...readsOf(row)]);
}

function* readsOf(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  const type: unknown = Reflect.get(node, 'Node Type');
  const of = `${Reflect.get(node, 'Relation Name') ?? Reflect.get(node, 'Index Name')}`;
  if (type === 'Seq Scan') yield `a sequential scan of ${of}`;
  const isOfIndex = typeof type === 'string' && /^(Bitmap )?Index/.test(type);
  if (isOfIndex && Reflect.get(node, 'Index Cond') === undefined) yield `a scan of a whole index of ${of}`;
  for (const part of Object.values(node)) yield* readsOf(part);
}

export interface PreparedStatement {
  /** The connection that has prepared it. */
  readonly client: pg.Client;
  readonly sql: string;
  /** Of its last run. */
  readonly values: readonly unknown[];
}

/** Until the test ends, the statements that are prepared, by connection and name. */
export function recordPrepared(): () => readonly (PreparedStatement & { readonly name: string })[] {
  const recorded = new Map<pg.Client, Map<string, PreparedStatement>>();
  const original = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [query] = args;
    if (isNamed(query)) {
      const ofClient = recorded.get(this) ?? new Map();
      recorded.set(this, ofClient.set(query.name, { client: this, sql: query.text, values: query.values }));
    }
    return Reflect.apply(original, this, args);
  });
  onTestFinished(() => spy.mockRestore());
  return () =>
    [...recorded.values()].flatMap((ofClient) =>
      [...ofClient].map(([name, statement]) => ({ name, ...statement })),
    );
}

function isNamed(query: unknown): query is { name: string; text: string; values: readonly unknown[] } {
  return typeof query === 'object' && query !== null && 'name' in query && typeof query.name === 'string';
}

/** As `wholeReads`, of the plan that the connection runs; undefined if it plans the statement anew each time. */
export async function wholeReadsOfPrepared(
  client: pg.Client,
  name: string,
  values: readonly unknown[],
): Promise<readonly string[] | undefined> {
  const { rows: stored } = await client.query(
    'select generic_plans from pg_prepared_statements where name = $1',
    [name],
  );
  if (Number(stored[0]?.generic_plans) === 0) return undefined;
  const literals = values.map((value) => (value === null ? 'null' : pg.escapeLiteral(String(value))));
  const { rows } = await client.query(`explain (format json) execute ${name} (${literals.join(', ')})`);
  return rows.flatMap((row: unknown) => [...readsOf(row)]);
}

/** Until the test ends, the names of the statements that are prepared. */
export function recordNames(): ReadonlySet<string> {
  const names = new Set<string>();
  const original = pg.Client.prototype.query;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [query] = args;
    if (typeof query === 'object' && query !== null && 'name' in query && typeof query.name === 'string')
      names.add(query.name);
    return Reflect.apply(original, this, args);
  });
  onTestFinished(() => spy.mockRestore());
  return names;
}
