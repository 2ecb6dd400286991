/** The command `badged dev-push`: starts local APNs, FCM and Web Push services, and prints each push that they accept. */

import { type Accepted, type AcceptedPushes, DevProviders } from '@badged/dev-push';
import type { Command } from 'commander';
import { Option } from 'commander';
import { devPushText } from './dev_push_text.js';
import { integer } from './options.js';

interface DevPushOptions {
  readonly url: string;
  readonly app: string;
  readonly user: string;
  readonly port: number;
}

export function addDevPushCommand(parent: Command): void {
  parent
    .command('dev-push')
    .description('Start local APNs, FCM and Web Push services, and print each push. No account is needed.')
    .addOption(
      new Option('--url <url>', 'the URL of the server that pushes')
        .env('BADGED_URL')
        .default('http://127.0.0.1:8080'),
    )
    .option('--app <id>', 'the app in the printed commands', '$APP')
    .option('--user <id>', 'the user whose devices the printed commands register', 'bob')
    .addOption(
      new Option('--port <number>', 'the first of four ports; 0 picks free ports')
        .default(8091)
        .argParser(integer(0, 65_532)),
    )
    .addHelpText(
      'after',
      `
It prints how to start badged so that it pushes here, and the calls that set the credentials and register one
device on each platform. Then it prints each push that it accepts. Each start makes new keys.`,
    )
    .action(devPush);
}

async function devPush({ url, app, user, port }: DevPushOptions): Promise<void> {
  const providers = await DevProviders.listen(port).catch(exitWithReason);
  console.log(devPushText(providers, { url, app, user }));
  watch('apns', providers.apns.accepted);
  watch('apns sandbox', providers.apnsSandbox.accepted);
  watch('fcm', providers.fcm.accepted);
  watch('webpush', providers.webPush.accepted);
  console.log('waiting for pushes');
  const stop = async () => {
    await providers.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function watch(service: string, pushes: AcceptedPushes): void {
  pushes.onAccepted = (device, accepted) => console.log(line(service, device, accepted));
}

/** A device is shown by the end of its token or endpoint: endpoints all begin alike. */
function line(service: string, device: string, { badge, payload }: Accepted): string {
  const title = titleOf(JSON.parse(payload));
  return [
    service.padEnd(12),
    `…${device.slice(-8)}`,
    badge === undefined ? 'badge unchanged' : `badge ${badge}`,
    ...(title === undefined ? [] : [JSON.stringify(title)]),
  ].join('  ');
}

/** The title, or the text, of a notification. Each platform has it elsewhere; a badge-only push has none. */
function titleOf(payload: unknown): string | undefined {
  const places = [['aps', 'alert'], ['message', 'notification'], ['notification']].map((path) =>
    path.reduce<unknown>(member, payload),
  );
  for (const place of places) {
    const title = member(place, 'title') ?? member(place, 'body');
    if (typeof title === 'string') return title;
  }
  return undefined;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function exitWithReason(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
  console.error('badged: One of the ports is in use. Set --port to others, or to 0 for free ones.');
  process.exit(1);
}
