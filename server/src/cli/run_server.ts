/** What `badged serve` does: it starts the server, prints what its user needs, and stops on a signal. */
import { type Config, type Running, start, type TlsConfig } from '../compose.js';
import type { FirstStart } from '../first_start.js';
import { type DatabaseFlags, databaseConfig } from './database_flags.js';
import { exit, exitWithReason } from './exit.js';
import { describeDashboard, describeFirstStart } from './first_start_text.js';
import { command } from './options.js';
import { type PushFlags, pushConfig } from './push_flags.js';
import { devProblem, exposureWarning, type SecurityFlags, tlsConfig } from './security_flags.js';

export type ServeOptions = Omit<Config, 'tls'> & PushFlags & SecurityFlags & DatabaseFlags;

/** Resolves once the server listens. */
export async function runServer(options: ServeOptions): Promise<void> {
  const { tls: _, ...rest } = options;
  const tls = tlsConfig(options);
  const problem = typeof tls === 'string' ? tls : (devProblem(options) ?? tlsProblem(options, tls));
  if (typeof tls === 'string' || problem !== undefined) return exit(`${problem}`);
  const own = { push: pushConfig(options), ...databaseConfig(options) };
  const config = { ...rest, ...own, ...(tls !== undefined && { tls }) };
  if (options.dev === true) console.log(devWarning);
  const running = await start(config, (message) => console.log(`badged: ${message} …`)).catch((error) =>
    exitWithReason(error, options),
  );
  stopOnSignal(running);
  const warning = exposureWarning(options);
  if (warning !== undefined) console.error(`badged: ${warning}`);
  if (running.firstStart !== undefined) await showFirstStart(running.firstStart, running.url);
  if (running.certFile !== undefined)
    console.log(`badged: clients must trust ${running.certFile}, such as with NODE_EXTRA_CA_CERTS`);
  console.log(describeDashboard(running, process.stdout.isTTY));
  console.log(`listening on ${running.url}`);
  console.log(
    `API reference at ${running.url}/docs, metrics at ${running.url}/metrics, help: ${command} --help`,
  );
}

/** Without a data directory, there is none for a certificate either. */
function tlsProblem({ databaseUrl }: Pick<Config, 'databaseUrl'>, tls: TlsConfig | undefined) {
  if (databaseUrl === undefined || tls?.kind !== 'development') return undefined;
  return 'With DATABASE_URL, --tls needs a certificate: set --tls-cert and --tls-key.';
}

const devWarning =
  'badged: DEVELOPMENT MODE (--dev): anyone can sign in as any user. Do not let others reach this server.';

function stopOnSignal(running: Running): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    await running.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** The tokens count as shown once they are written: if that fails, the next start shows them again. */
async function showFirstStart(firstStart: FirstStart, url: string): Promise<void> {
  const failure = await written(`${describeFirstStart(firstStart, url)}\n`);
  if (failure === undefined) await firstStart.shown();
  else
    console.error(`badged: The tokens could not be printed (${failure}). The next start prints them again.`);
}

function written(text: string): Promise<Error | undefined> {
  const { stdout } = process;
  return new Promise((resolve) => {
    stdout.once('error', resolve);
    stdout.write(text, (error) => {
      // The event comes after this call, and would end the process if no listener were left.
      if (error) return;
      stdout.off('error', resolve);
      resolve(undefined);
    });
  });
}
