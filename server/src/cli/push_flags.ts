/** The flags of push delivery: the secret key, how long and how often, and other addresses of the providers. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PushConfig } from '../compose.js';
import { integer } from './options.js';

export interface PushFlags {
  readonly pushApnsOrigin?: string;
  readonly pushApnsSandboxOrigin?: string;
  readonly pushFcmOrigin?: string;
  readonly pushFcmTokenUrl?: string;
  readonly pushWebpushOrigin?: string;
  readonly webpushHosts?: readonly string[];
  readonly pushCoalesceMs?: number;
  readonly notificationTtl?: number;
}

export function withPushFlags(command: Command): Command {
  const local = (flag: string, what: string, variable: string) =>
    new Option(`--push-${flag} <url>`, `${what}, for development (badged dev-push)`)
      .env(`BADGED_PUSH_${variable}`)
      .argParser(url);
  return command
    .addOption(
      new Option(
        '--secret-key <key>',
        'what push credentials are sealed with, 32 bytes in hexadecimal or base64; ' +
          'otherwise one is made at the first start, in DATA_DIR/secret.key',
      ).env('BADGED_SECRET_KEY'),
    )
    .addOption(
      new Option('--notification-ttl <seconds>', 'how long a push is tried; default 86400, a day')
        .env('BADGED_NOTIFICATION_TTL')
        .argParser(integer(1, 2_419_200)),
    )
    .addOption(
      new Option('--push-coalesce-ms <ms>', 'how long changes of a badge are gathered; default 500')
        .env('BADGED_PUSH_COALESCE_MS')
        .argParser(integer(0, 60_000)),
    )
    .addOption(
      new Option(
        '--webpush-hosts <hosts>',
        "the push services browsers may name, instead of the browsers' own",
      )
        .env('BADGED_WEBPUSH_HOSTS')
        .argParser(hosts),
    )
    .addOption(local('apns-origin', 'another address of APNs', 'APNS_ORIGIN'))
    .addOption(local('apns-sandbox-origin', 'another address of the APNs sandbox', 'APNS_SANDBOX_ORIGIN'))
    .addOption(local('fcm-origin', 'another address of FCM', 'FCM_ORIGIN'))
    .addOption(local('fcm-token-url', "another address of Google's token endpoint", 'FCM_TOKEN_URL'))
    .addOption(local('webpush-origin', 'a push service that may be on this machine', 'WEBPUSH_ORIGIN'));
}

export function pushConfig(flags: PushFlags): PushConfig {
  const { pushApnsOrigin, pushApnsSandboxOrigin, pushFcmOrigin, pushFcmTokenUrl, pushWebpushOrigin } = flags;
  const { webpushHosts, pushCoalesceMs, notificationTtl } = flags;
  return {
    apnsOrigins: {
      ...(pushApnsOrigin !== undefined && { production: pushApnsOrigin }),
      ...(pushApnsSandboxOrigin !== undefined && { development: pushApnsSandboxOrigin }),
    },
    ...(pushFcmOrigin !== undefined && { fcmOrigin: pushFcmOrigin }),
    ...(pushFcmTokenUrl !== undefined && { fcmTokenUrl: pushFcmTokenUrl }),
    ...(pushWebpushOrigin !== undefined && { webPushLocalOrigin: new URL(pushWebpushOrigin).origin }),
    ...(webpushHosts !== undefined && { webPushHosts: webpushHosts }),
    ...(pushCoalesceMs !== undefined && { coalesceMs: pushCoalesceMs }),
    ...(notificationTtl !== undefined && { notificationTtlMs: notificationTtl * 1000 }),
  };
}

function url(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be an http or https URL, such as http://127.0.0.1:8091.');
}

function hosts(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  if (names.every((name) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name))) return names;
  throw new InvalidArgumentError('It must be host names separated by commas, such as push.example.com.');
}
