/** The flags of push delivery: the secret key, timing, and other URLs of the providers for development. */
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
  const devFlag = (flag: string, description: string, variable: string) =>
    new Option(`--push-${flag} <url>`, `${description}, for development (badged dev-push)`)
      .env(`BADGED_PUSH_${variable}`)
      .argParser(url);
  return command
    .addOption(
      new Option(
        '--secret-key <key>',
        'the key that encrypts push credentials, 32 bytes in hexadecimal or base64 ' +
          '(default: made at the first start, in DATA_DIR/secret.key)',
      ).env('BADGED_SECRET_KEY'),
    )
    .addOption(
      new Option('--notification-ttl <seconds>', 'how long a push is retried (default: 86400, a day)')
        .env('BADGED_NOTIFICATION_TTL')
        .argParser(integer(1, 2_419_200)),
    )
    .addOption(
      new Option(
        '--push-coalesce-ms <ms>',
        'how long changes of a badge are combined into one push (default: 500)',
      )
        .env('BADGED_PUSH_COALESCE_MS')
        .argParser(integer(0, 60_000)),
    )
    .addOption(
      new Option(
        '--webpush-hosts <hosts>',
        'the Web Push services that devices may use (default: those of the common browsers)',
      )
        .env('BADGED_WEBPUSH_HOSTS')
        .argParser(hosts),
    )
    .addOption(devFlag('apns-origin', 'another URL for APNs', 'APNS_ORIGIN'))
    .addOption(devFlag('apns-sandbox-origin', 'another URL for the APNs sandbox', 'APNS_SANDBOX_ORIGIN'))
    .addOption(devFlag('fcm-origin', 'another URL for FCM', 'FCM_ORIGIN'))
    .addOption(devFlag('fcm-token-url', "another URL for Google's token endpoint", 'FCM_TOKEN_URL'))
    .addOption(
      devFlag(
        'webpush-origin',
        'an additional Web Push service, which may be on this machine',
        'WEBPUSH_ORIGIN',
      ),
    );
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
