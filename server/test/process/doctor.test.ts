/** `badged doctor` finds what is wrong with data and settings, says what to do, and changes nothing. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { program } from '../../src/cli/program.js';
import { unknownVariables } from '../../src/cli/variables.js';
import { start } from '../../src/compose.js';
import { type DoctorConfig, examine } from '../../src/doctor.js';
import { SecretKey } from '../../src/service/sealing.js';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { selfSigned } from '../../src/tls/self_signed.js';
import { Schemas } from '../store/postgres/schemas.js';
import { whyNoPostgres } from '../store/postgres/test_server.js';

/** No server can listen there. */
const url = 'http://127.0.0.1:1';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-doctor-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** What is not well. */
async function complaints(own: Partial<DoctorConfig>): Promise<string[]> {
  const findings = await examine({ dataDir: newDirectory(), url, ...own });
  return findings.filter(({ level }) => level !== 'ok').map(({ level, text }) => `${level}: ${text}`);
}

/** A directory as a server left it. */
async function usedDirectory(): Promise<string> {
  const dataDir = newDirectory();
  await (await start({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent' })).close();
  return dataDir;
}

const bytesOf = (directory: string) =>
  readdirSync(directory)
    .filter((name) => /^(badged\.db|secret\.key)$/.test(name))
    .map((name) => [name, readFileSync(join(directory, name)).toString('base64')]);

describe('badged doctor', () => {
  test('has no complaint about a new directory, a used one, or one beside its server, and changes none', async () => {
    expect(await complaints({})).toEqual([]);
    const dataDir = await usedDirectory();
    const before = bytesOf(dataDir);
    expect(await complaints({ dataDir })).toEqual([]);
    expect(bytesOf(dataDir)).toEqual(before);
    const running = await start({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent' });
    onTestFinished(() => running.close());
    const findings = await examine({ dataDir, url: running.url });
    expect(findings.map(({ level }) => level)).not.toContain('problem');
    expect(findings.map(({ text }) => text).join('\n')).toContain('and is ready');
  });

  test('finds what is wrong with a data directory', async () => {
    const file = join(newDirectory(), 'file');
    writeFileSync(file, '');
    expect(await complaints({ dataDir: file })).toEqual([
      expect.stringMatching(/^problem: .*is not a directory/),
    ]);

    const open = newDirectory();
    chmodSync(open, 0o755);
    expect(await complaints({ dataDir: open })).toEqual([expect.stringMatching(/^warning: .*chmod 700/)]);

    const garbage = newDirectory();
    writeFileSync(join(garbage, 'badged.db'), 'x'.repeat(8_192));
    expect(await complaints({ dataDir: garbage })).toEqual([expect.stringMatching(/^problem: .*is damaged/)]);

    const logOnly = newDirectory();
    writeFileSync(join(logOnly, 'badged.db-wal'), 'x');
    expect(await complaints({ dataDir: logOnly })).toEqual([
      expect.stringMatching(/^problem: There is (a|no) /),
    ]);
  });

  test('finds a secret key that is missing, open to others, no key, or not the one of the data', async () => {
    const dataDir = newDirectory();
    const { connection, close } = openDatabase(dataDir, { isDurable: false });
    const key = SecretKey.random();
    const sealed = key.seal('{}', ['push credentials', 'the-app', 'fcm']);
    connection.exec(`insert into apps (number, id, name, mode, include_announcements, jabber_domain, created_at)
      values (1, 'the-app', 'a', 'unread_messages', 0, 'd', 0)`);
    connection.prepare("insert into credentials values (1, 'fcm', ?)").run(sealed);
    close();
    expect(await complaints({ dataDir })).toEqual([
      expect.stringMatching(/^problem: .*secret\.key is missing/),
    ]);
    const file = join(dataDir, 'secret.key');
    writeFileSync(file, key.toText(), { mode: 0o600 });
    expect(await complaints({ dataDir })).toEqual([]);
    chmodSync(file, 0o644);
    expect(await complaints({ dataDir })).toEqual([expect.stringMatching(/^problem: .*chmod 600/)]);
    expect(await complaints({ dataDir, secretKey: SecretKey.random().toText() })).toEqual([
      expect.stringMatching(/^problem: .*does not open the push credentials of app the-app/),
    ]);
    writeFileSync(file, 'none');
    expect(await complaints({ dataDir })).toEqual([expect.stringMatching(/^problem: .*is not a secret key/)]);
  });

  test('finds a certificate that has expired or soon will, and one that is none', async () => {
    const directory = newDirectory();
    const tls = (days: number) => {
      const files = { certFile: join(directory, `${days}.crt`), keyFile: join(directory, `${days}.key`) };
      const [notBefore, notAfter] = [new Date(0), new Date(Date.now() + days * 86_400_000)];
      const names = { commonName: 'test', dnsNames: ['localhost'], ipv4Addresses: [] };
      const { cert, key } = selfSigned({ ...names, notBefore, notAfter });
      writeFileSync(files.certFile, cert);
      writeFileSync(files.keyFile, key);
      return files;
    };
    expect(await complaints({ tls: tls(100) })).toEqual([]);
    expect(await complaints({ tls: tls(5) })).toEqual([expect.stringMatching(/^warning: .*Replace it/)]);
    expect(await complaints({ tls: tls(-2) })).toEqual([expect.stringMatching(/^problem: .*has expired/)]);
    const none = { certFile: join(directory, 'none'), keyFile: join(directory, 'none') };
    expect(await complaints({ tls: none })).toEqual([expect.stringMatching(/^problem: .*cannot be read/)]);
  });

  test('finds another program at the port', async () => {
    const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const { port } = typeof address === 'object' && address !== null ? address : { port: 0 };
    expect(await complaints({ url: `http://127.0.0.1:${port}` })).toEqual([
      expect.stringMatching(/^problem: Another program responds/),
    ]);
  });

  test('finds variables that are no settings', () => {
    const found = unknownVariables({
      BADGED_PORT: '1',
      BADGED_DATADIR: 'x',
      BADGED_SECRET_KEY: 'x',
      HOME: '/',
    });
    expect(found).toEqual([expect.stringMatching(/^BADGED_DATADIR is not a setting/)]);
  });

  test('exits with 1 if there is a problem, and with 0 otherwise', async () => {
    const lines: string[] = [];
    const { log } = console;
    console.log = (line: string) => lines.push(line);
    const codeOf = async (...args: readonly string[]) => {
      const data = ['--data-dir', newDirectory(), '--port', '1'];
      await program().parseAsync(['doctor', ...data, ...args], { from: 'user' });
      const { exitCode = 0 } = process;
      process.exitCode = undefined;
      return exitCode;
    };
    try {
      expect(await codeOf()).toBe(0);
      expect(await codeOf('--admin-token', 'short')).toBe(1);
    } finally {
      console.log = log;
    }
    expect(lines.filter((line) => line.startsWith('PROBLEM'))).toEqual([
      expect.stringContaining('at least 16 characters'),
    ]);
    expect(lines.join('')).not.toContain('short');
  });
});

describe.skipIf(whyNoPostgres() !== undefined)('badged doctor with PostgreSQL', () => {
  const schemas = new Schemas();
  const secretKey = '0f'.repeat(32);

  test('looks at an empty database and at a used one, and changes neither', async () => {
    const { url: databaseUrl } = await schemas.create();
    const texts = async () => {
      const found = await examine({ dataDir: '/none', url, secretKey, databaseUrl });
      expect(found.filter(({ level }) => level === 'problem')).toEqual([]);
      return found.map(({ text }) => text).join('\n');
    };
    expect(await texts()).toContain('No server has started on this database yet.');
    expect(await texts()).toContain('No server has started on this database yet.');
    await (
      await start({
        host: '127.0.0.1',
        port: 0,
        dataDir: '/none',
        logLevel: 'silent',
        secretKey,
        databaseUrl,
      })
    ).close();
    // The server of the tests syncs nothing.
    expect(await texts()).toMatch(/fsync is off[\s\S]*has the schema of this version/);
  });

  test('finds a database that does not respond, and a secret key that is not set', async () => {
    expect(await complaints({ databaseUrl: 'postgres://u:secret@127.0.0.1:1/d' })).toEqual([
      expect.stringMatching(/^problem: The database cannot be read: (?!.*secret@)/),
      expect.stringMatching(/^problem: .*set BADGED_SECRET_KEY/),
    ]);
  });
});
