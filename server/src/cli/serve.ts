/** The command `badged serve`: its flags. */
import { limits } from '@badged/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../compose.js';
import { withDatabaseFlags } from './database_flags.js';
import { databaseOption, dataDirOption, integer, onOff, onOffOf, origins, publicUrl } from './options.js';
import { withPushFlags } from './push_flags.js';
import { withRetentionFlag } from './retention_flags.js';
import type { ServeOptions } from './run_server.js';
import { withSecurityFlags } from './security_flags.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export function addServeCommand(parent: Command): void {
  const serveCommand = parent
    .command('serve')
    .description('Start the server. It is what runs without a command.')
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
        '--demo',
        'make an app "demo" with two users at the first start (default: unless --admin-token is set; BADGED_DEMO=on|off)',
      ).default(onOffOf(process.env.BADGED_DEMO)),
    )
    .addOption(new Option('--no-demo', 'make no app at the first start'))
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
    // Loaded when it is called, because it loads the whole server.
    .action(async (options: ServeOptions) => (await import('./run_server.js')).runServer(options));
  withRetentionFlag(withDatabaseFlags(withPushFlags(withSecurityFlags(serveCommand))));
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
