/** The `badged` command and its subcommands. */
import { Command } from 'commander';
import { version } from '../version.js';
import { addAdminTokenCommand } from './admin_token.js';
import { addAppCommands } from './app.js';
import { addBackupCommands } from './backup.js';
import { addCopyCommand } from './copy.js';
import { addDevPushCommand } from './dev_push.js';
import { addDoctorCommand } from './doctor.js';
import { addExportCommand } from './export.js';
import { addImportCommand } from './import.js';
import { command } from './options.js';
import { addReplayCommand } from './replay.js';
import { withoutSecrets } from './secret_values.js';
import { addServeCommand } from './serve.js';
import { addTokenCommands } from './token.js';
import { addVerifyCommand } from './verify.js';

export function program(): Command {
  const badged = new Command(command)
    .description('Exact unread counts, and the right number on every app icon.')
    .version(version)
    .configureOutput({ outputError: (message, write) => write(withoutSecrets(message)) })
    .showHelpAfterError(`(${command} --help lists all commands)`)
    .addHelpText(
      'after',
      `
Start here:
  ${command} serve                       start a server on http://127.0.0.1:8080, with its data in ./data
  ${command} app create "My app"         create an app and its token on the running server
  ${command} doctor                      say what is wrong with the data and the settings
  ${command} verify                      recount everything from the messages, and report differences
  ${command} backup FILE                 copy the database into a file, beside the server; restore FILE puts it back
  ${command} export FILE                 write all data into one file; import FILE reads it, copy does both
  ${command} replay --app ID --token T   send a chat workload, and check every count
  ${command} dev-push                    start local APNs, FCM and Web Push, and print each push

Each command has its own --help. Most flags can also be set with the environment variable that it shows.`,
    );
  addServeCommand(badged);
  addAppCommands(badged);
  addTokenCommands(badged);
  addAdminTokenCommand(badged);
  addVerifyCommand(badged);
  addDoctorCommand(badged);
  addBackupCommands(badged);
  addExportCommand(badged);
  addImportCommand(badged);
  addCopyCommand(badged);
  addReplayCommand(badged);
  addDevPushCommand(badged);
  return badged;
}
