/** badged serve: starts the server, says where to look next, and stops it when told to. */
import { limits } from '@badged/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Config, DataDirectoryError, type Running, SecretKeyError, start } from '../compose.js';
import { describeDashboard, describeFirstStart } from './first_start_text.js';
import { command, dataDirOption, integer, onOff, origins, publicUrl } from './options.js';
import { type PushFlags, pushConfig, withPushFlags } from './push_flags.js';
import { devProblem, type SecurityFlags, tlsConfig, withSecurityFlags } from './security_flags.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export function addServeCommand(parent: Command): void {
  withSecurityFlags(withPushFlags(parent.command('serve')))
    .description('Start the server.')
    .addOption(
      new Option(
        '--host <address>',
        'the address to listen on; anything but loopback is open to your network',
      )
        .env('BADGED_HOST')
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <number>', 'the port; 0 picks a free one')
        .env('BADGED_PORT')
        .default(8080)
        .argParser(integer(0, 65_535)),
    )
    .addOption(dataDirOption())
    .addOption(
      new Option(
        '--admin-token <token>',
        'the token for /admin; otherwise one is made at the first start and shown once',
      )
        .env('BADGED_ADMIN_TOKEN')
        .argParser(adminToken),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'how much goes to standard error, as JSON; info has a line for each request',
      )
        .env('BADGED_LOG_LEVEL')
        .default('warn')
        .choices(logLevels),
    )
    .addOption(
      new Option(
        '--public-url <url>',
        'what addresses in answers start with, if clients reach the server by another name',
      )
        .env('BADGED_PUBLIC_URL')
        .argParser(publicUrl),
    )
    .addOption(
      onOff('--trust-proxy', 'believe the X-Forwarded headers of the proxy in front', 'BADGED_TRUST_PROXY'),
    )
    .addOption(
      new Option(
        '--cors-origins <origins>',
        'whose pages may call the main API with a user token, such as https://chat.example.com; several with commas',
      )
        .env('BADGED_CORS_ORIGINS')
        .argParser(origins),
    )
    .addOption(
      new Option('--max-streams <number>', 'how many live streams of badges may be open in all')
        .env('BADGED_MAX_STREAMS')
        .default(limits.streamsPerProcess)
        .argParser(integer(1, 1_000_000)),
    )
    .addOption(
      new Option(
        '--rate-limit <requests/seconds>',
        'how many requests each token may send in how many seconds, such as 1000/10',
      )
        .env('BADGED_RATE_LIMIT')
        .argParser(rateLimit),
    )
    .addHelpText(
      'after',
      `
It prints "listening on http://HOST:PORT" when it can serve. SIGTERM and Ctrl-C finish what was accepted and
exit 0. Lost the admin token? Start with --admin-token from now on: it holds for as long as it is given.`,
    )
    .action(serve);
}

async function serve(options: Omit<Config, 'tls'> & PushFlags & SecurityFlags): Promise<void> {
  const { tls: _, ...rest } = options;
  const tls = tlsConfig(options);
  const problem = typeof tls === 'string' ? tls : devProblem(options);
  if (typeof tls === 'string' || problem !== undefined) return exit(`${problem}`);
  const config = { ...rest, push: pushConfig(options), ...(tls !== undefined && { tls }) };
  if (options.dev === true) console.log(devWarning);
  const running = await start(config, (message) => console.log(`badged: ${message} …`)).catch((error) =>
    explain(error, options),
  );
  stopOnSignal(running);
  if (running.firstStart !== undefined) console.log(describeFirstStart(running.firstStart, running.url));
  if (running.certFile !== undefined)
    console.log(`badged: clients trust ${running.certFile}, as with NODE_EXTRA_CA_CERTS`);
  console.log(describeDashboard(running, process.stdout.isTTY));
  console.log(`listening on ${running.url}`);
  console.log(`reference at ${running.url}/docs, metrics at ${running.url}/metrics, help: ${command} --help`);
}

const devWarning =
  'badged: DEVELOPMENT MODE (--dev): anybody can sign in as anybody. Never let others reach this server.';

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

/** What whoever starts it can mend is said in a sentence; anything else is a bug and keeps its stack. */
function explain(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): never {
  if (error instanceof DataDirectoryError || error instanceof SecretKeyError) exit(error.message);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    exit(`The port is in use: ${port} at ${host}. Choose another with --port, or 0 for any.`);
  if (code === 'ENOENT') exit(`There is no such file: ${error}.`);
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    exit(`Cannot listen there or use the data directory: ${error}.`);
  throw error;
}

function exit(message: string): never {
  console.error(`badged: ${message}`);
  process.exit(1);
}

function adminToken(text: string): string {
  // What is sent as a bearer token ends at the first space.
  if (/^\S{16,}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It must have at least 16 characters and no spaces, such as the output of: openssl rand -hex 32',
  );
}

function rateLimit(text: string): NonNullable<Config['rateLimit']> {
  const [, requests, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (requests !== undefined && seconds !== undefined)
    return { requests: Number(requests), perSeconds: Number(seconds) };
  throw new InvalidArgumentError('It must have the form requests/seconds, such as 1000/10.');
}
