/** Looks at a database for `badged doctor`. It only reads, changes no schema, and works beside servers. */
import pg from 'pg';
import { type Finding, ok, problem, warning } from '../../findings.js';
import { readMigrations } from './migrations.js';

const oldestVersion = 13;

/** What is wrong if a setting has this value. */
const riskySettings: readonly (readonly [name: string, value: string, text: string])[] = [
  ['fsync', 'off', 'fsync is off: a power cut may destroy the database. Set fsync = on.'],
  [
    'full_page_writes',
    'off',
    'full_page_writes is off: a power cut may destroy the database. Set full_page_writes = on.',
  ],
  [
    'synchronous_commit',
    'off',
    'synchronous_commit is off: a crash loses what was accepted just before. Set synchronous_commit = on.',
  ],
];

export async function inspectDatabase(url: string): Promise<readonly Finding[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'badged doctor',
    connectionTimeoutMillis: 5_000,
  });
  try {
    await client.connect();
    await client.query('begin read only');
    return [...(await inspectServer(client)), ...(await inspectSchema(client))];
  } catch (error) {
    return [
      problem(
        `The database cannot be read: ${error instanceof Error ? error.message : error}. Check DATABASE_URL, and that the server runs.`,
      ),
    ];
  } finally {
    await client.end().catch(() => {});
  }
}

async function inspectServer(client: pg.Client): Promise<Finding[]> {
  const number = Number(await show(client, 'server_version_num'));
  const name = `PostgreSQL ${await show(client, 'server_version')}`;
  const findings: Finding[] = [
    number >= oldestVersion * 10_000
      ? ok(`${name} responds.`)
      : problem(`${name} is too old. Use ${oldestVersion} or newer.`),
  ];
  if ((await show(client, 'transaction_read_only')) === 'on' && (await isStandby(client)))
    findings.push(problem('The database is a standby, which cannot be written. Use the URL of the primary.'));
  for (const [setting, value, text] of riskySettings)
    if ((await show(client, setting)) === value) findings.push(warning(text));
  return findings;
}

async function inspectSchema(client: pg.Client): Promise<Finding[]> {
  const { rows: tables } = await client.query<{ readonly name: string | null }>(
    "select to_regclass('badged_schema')::text as name",
  );
  if (tables[0]?.name == null) return [ok('No server has started on this database yet.')];
  const { rows: schemas } = await client.query<{ readonly version: number; readonly oldest: number }>(
    'select version, oldest from badged_schema where id = 1',
  );
  const { version = 0, oldest = 0 } = schemas[0] ?? {};
  const known = readMigrations().length;
  if (oldest > known)
    return [
      problem(`A newer badged has changed the database (schema ${version}). Start that version again.`),
    ];
  const { rows: imports } = await client.query('select 1 from import_progress');
  if (imports.length > 0)
    return [problem('An import has begun and is not complete. Run it again: it goes on where it stopped.')];
  return version < known
    ? [ok(`The database has schema ${version}. The next start brings it to ${known}.`)]
    : [ok('The database has the schema of this version.')];
}

async function isStandby(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ readonly standby: boolean }>('select pg_is_in_recovery() as standby');
  return rows[0]?.standby === true;
}

async function show(client: pg.Client, setting: string): Promise<string> {
  const { rows } = await client.query<{ readonly value: string }>('select current_setting($1) as value', [
    setting,
  ]);
  return rows[0]?.value ?? '';
}
