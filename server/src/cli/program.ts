/** The badged command: its subcommands and flags, each flag with the environment variable that says the same. */
import { Command } from 'commander';
import { version } from '../version.js';
import { addAppCommands } from './app.js';
import { addDevPushCommand } from './dev_push.js';
import { command } from './options.js';
import { addReplayCommand } from './replay.js';
import { addServeCommand } from './serve.js';
import { addTokenCommands } from './token.js';
import { addVerifyCommand } from './verify.js';

export function program(): Command {
  const badged = new Command(command)
    .description('Exact unread counts, and the right number on every app icon.')
    .version(version)
    .showHelpAfterError(`(${command} --help tells what there is)`)
    .addHelpText(
      'after',
      `
Start here:
  ${command} serve                       a server on http://127.0.0.1:8080, data in ./data
  ${command} app create "My app"         an app and its token (asks the running server)
  ${command} verify                      recount everything and compare
  ${command} replay --app ID --token T   send a chat workload, and check every count
  ${command} dev-push                    local APNs, FCM and Web Push, to watch pushes without an account

Every command has its own --help. Flags can also be given by the environment variables they name.`,
    );
  addServeCommand(badged);
  addAppCommands(badged);
  addTokenCommands(badged);
  addVerifyCommand(badged);
  addReplayCommand(badged);
  addDevPushCommand(badged);
  return badged;
}
