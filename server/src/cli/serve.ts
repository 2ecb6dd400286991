/** The command `badged serve`: its flags, what it prints, and how it stops. */
import { limits } from '@badged/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Config, type Running, start, type TlsConfig } from '../compose.js';
import type { FirstStart } from '../first_start.js';
import { exit, exitWithReason } from './exit.js';
import { describeDashboard, describeFirstStart } from './first_start_text.js';
import { command, databaseOption, dataDirOption, integer, onOff, origins, publicUrl } from './options.js';
import { type PushFlags, pushConfig, withPushFlags } from './push_flags.js';
import { devProblem, type SecurityFlags, tlsConfig, withSecurityFlags } from './security_flags.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export function addServeCommand(parent: Command): void {
  const serveCommand = parent
    .command('serve')
    .description('Start the server.')
    .addOption(
      new Option('--host <address>', 'the address to listen on. Any but loopback is open to your network')
        .env('BADGED_HOST')
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <number>', 'the port; 0 picks a free port')
        .env('BADGED_PORT')
        .default(8080)
        .argParser(integer(0, 65_535)),
    )
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addOption(
      new Option(
        '--admin-token <token>',
        'the token for /admin (default: made at the first start, and shown once)',
      )
        .env('BADGED_ADMIN_TOKEN')
        .argParser(adminToken),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'the level of the log on standard error, in JSON; info logs each request',
      )
        .env('BADGED_LOG_LEVEL')
        .default('warn')
        .choices(logLevels),
    )
    .addOption(
      new Option('--public-url <url>', 'the URL at which clients reach the server, if it is another one')
        .env('BADGED_PUBLIC_URL')
        .argParser(publicUrl),
    )
    .addOption(
      onOff(
        '--trust-proxy',
        'trust the X-Forwarded headers, which a proxy in front sets',
        'BADGED_TRUST_PROXY',
      ),
    )
    .addOption(
      new Option(
        '--cors-origins <origins>',
        'the origins whose pages may call the main API with a user token, such as https://chat.example.com; ' +
          'separated by commas',
      )
        .env('BADGED_CORS_ORIGINS')
        .argParser(origins),
    )
    .addOption(
      new Option('--max-streams <number>', 'the most live streams of badges that may be open at once')
        .env('BADGED_MAX_STREAMS')
        .default(limits.streamsPerProcess)
        .argParser(integer(1, 1_000_000)),
    )
    .addOption(
      new Option(
        '--rate-limit <requests/seconds>',
        'the most requests that a user, or an address without a token, may send in a number of seconds; off for no ' +
          'limit. A costly request counts as several',
      )
        .env('BADGED_RATE_LIMIT')
        .default(undefined, '1000/10')
        .argParser(rateLimit),
    )
    .addOption(
      new Option(
        '--app-rate-limit <requests/seconds>',
        'the same for each token of an app, and the admin token (default: off)',
      )
        .env('BADGED_APP_RATE_LIMIT')
        .argParser(rateLimit),
    )
    .addHelpText(
      'after',
      `
It prints "listening on http://HOST:PORT" when it is ready. On SIGTERM or Ctrl-C it finishes the accepted requests
and exits with 0. If you lost the admin token, start with --admin-token: it replaces the one of the first start.`,
    )
    .action(serve);
  withPushFlags(withSecurityFlags(serveCommand));
}

async function serve(options: Omit<Config, 'tls'> & PushFlags & SecurityFlags): Promise<void> {
  const { tls: _, ...rest } = options;
  const tls = tlsConfig(options);
  const problem = typeof tls === 'string' ? tls : (devProblem(options) ?? tlsProblem(options, tls));
  if (typeof tls === 'string' || problem !== undefined) return exit(`${problem}`);
  const config = { ...rest, push: pushConfig(options), ...(tls !== undefined && { tls }) };
  if (options.dev === true) console.log(devWarning);
  const running = await start(config, (message) => console.log(`badged: ${message} …`)).catch((error) =>
    exitWithReason(error, options),
  );
  stopOnSignal(running);
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

function adminToken(text: string): string {
  // A bearer token ends at the first space.
  if (/^\S{16,}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It must have at least 16 characters and no spaces. Make one with: openssl rand -hex 32',
  );
}

function rateLimit(text: string): NonNullable<Config['rateLimit']> {
  if (text === 'off') return 'off';
  const [, requests, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (requests !== undefined && seconds !== undefined)
    return { requests: Number(requests), perSeconds: Number(seconds) };
  throw new InvalidArgumentError('It must be requests/seconds, such as 1000/10, or off.');
}
