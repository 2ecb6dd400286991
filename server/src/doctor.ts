/**
 * The composition root of `badged doctor`: looks at a configuration and its data, and says what is wrong. It changes nothing, and
 * works beside a running server.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok, problem, warning } from './findings.js';
import { findSecretKey } from './secret_key_file.js';
import { isReadable } from './service/push_credentials.js';
import { SecretKey, SecretKeyError } from './service/sealing.js';
import { inspectDatabase } from './store/postgres/inspect.js';
import { type InspectedDirectory, inspectDirectory } from './store/sqlite/inspect.js';
import { readTls, TlsFileError } from './tls/certificate.js';

export type { Finding } from './findings.js';

export interface DoctorConfig {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly secretKey?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Where the server listens, or would. */
  readonly url: string;
}

const dayMs = 86_400_000;
const certificateDays = 14;
const fewFiles = 4_096;

export async function examine(config: DoctorConfig): Promise<readonly Finding[]> {
  const { databaseUrl, dataDir } = config;
  const data: InspectedDirectory =
    databaseUrl === undefined
      ? inspectDirectory(dataDir)
      : { findings: await inspectDatabase(databaseUrl), sealed: [] };
  return [
    ok(`Node.js ${process.versions.node}.`),
    ...data.findings,
    ...examineSecretKey(config, data),
    ...examineTls(config),
    ...examineOpenFiles(),
    await examineServer(config),
  ];
}

function examineSecretKey(config: DoctorConfig, { sealed }: InspectedDirectory): Finding[] {
  const { dataDir, databaseUrl, secretKey } = config;
  try {
    const given = secretKey === undefined ? undefined : SecretKey.parse(secretKey);
    if (databaseUrl !== undefined) {
      return given === undefined
        ? [problem('With DATABASE_URL, set BADGED_SECRET_KEY, to the same on every server.')]
        : [];
    }
    const key = given ?? findSecretKey(dataDir);
    if (key === undefined && sealed.length > 0)
      return [
        problem(`${join(dataDir, 'secret.key')} is missing. Put it back from where you store it apart.`),
      ];
    if (key === undefined) return [];
    const unreadable = new Set(sealed.filter((one) => !isReadable(key, one)).map(({ app }) => app));
    if (unreadable.size > 0) {
      const apps = `${unreadable.size === 1 ? 'app' : 'apps'} ${[...unreadable].join(', ')}`;
      return [
        problem(
          `The secret key does not open the push credentials of ${apps}. Use the key from before, or set the credentials anew.`,
        ),
      ];
    }
    return [ok('The secret key is valid.'), ...(given === undefined ? examineKeyFile(dataDir) : [])];
  } catch (error) {
    if (!(error instanceof SecretKeyError)) throw error;
    return [problem(error.message)];
  }
}

function examineKeyFile(dataDir: string): Finding[] {
  const file = join(dataDir, 'secret.key');
  const { mode } = statSync(file);
  return (mode & 0o077) === 0
    ? []
    : [problem(`Other users of this machine can read ${file}. Close it: chmod 600 ${file}`)];
}

function examineTls({ tls }: DoctorConfig): Finding[] {
  if (tls === undefined) return [];
  try {
    readTls(tls.certFile, tls.keyFile);
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    return [problem(error.message)];
  }
  const { validTo } = new X509Certificate(readFileSync(tls.certFile));
  const days = Math.floor((Date.parse(validTo) - Date.now()) / dayMs);
  if (days < 0) return [problem(`The certificate ${tls.certFile} has expired (${validTo}). Replace it.`)];
  const text = `The certificate ${tls.certFile} is valid for ${days} more days`;
  return [days < certificateDays ? warning(`${text}. Replace it, and restart the server.`) : ok(`${text}.`)];
}

/** Only Linux says it. */
function examineOpenFiles(): Finding[] {
  let limits: string;
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return [];
  }
  // Node raises the soft limit to the hard one.
  const hard = Number(/^Max open files +\d+ +(\d+)/m.exec(limits)?.[1]);
  if (!(hard < fewFiles)) return [];
  return [
    warning(
      `A server may have ${hard} open files here: as many connections and streams. Raise the limit (ulimit -Hn, LimitNOFILE).`,
    ),
  ];
}

async function examineServer({ url }: DoctorConfig): Promise<Finding> {
  const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(5_000) }).catch(
    () => undefined,
  );
  if (response === undefined) return ok(`No server responds at ${url}.`);
  const body: unknown = await response.json().catch(() => undefined);
  const isOurs = typeof body === 'object' && body !== null;
  if (response.ok && isOurs && 'resting_push_transports' in body) {
    const paused = Number(body.resting_push_transports);
    return paused === 0
      ? ok(`A server responds at ${url}, and is ready.`)
      : warning(
          `The server at ${url} has paused pushes of ${paused} apps: a provider is unreachable or refuses the credentials. ` +
            'The dashboard says which.',
        );
  }
  return problem(
    response.status === 503
      ? `The server at ${url} is not ready. Its log says why.`
      : `Another program responds at ${url}. Choose another --port.`,
  );
}
