/** badged app: the apps of a running server. */
import { badgeModes } from '@badged/core';
import { type Command, Option } from 'commander';
import { type AdminOptions, ask, print, withAdminOptions } from './admin_client.js';

interface AppOptions extends AdminOptions {
  readonly name?: string;
  readonly mode?: string;
  readonly announcements?: boolean;
}

export function addAppCommands(parent: Command): void {
  const app = parent
    .command('app')
    .description('Create, list, change and delete apps (asks the running server).');
  withSettings(withAdminOptions(app.command('create <name>')))
    .description('Create an app. Its token is in the answer, and is shown only then.')
    .action(async (name: string, options: AppOptions) =>
      print(await ask(options, 'POST', '/admin/apps', { ...settings(options), name })),
    );
  withAdminOptions(app.command('list'))
    .description('List the apps.')
    .action(async (options: AppOptions) => print(await ask(options, 'GET', '/admin/apps')));
  withSettings(withAdminOptions(app.command('set <id>')))
    .option('--name <name>', 'another name')
    .description('Change an app. The badges follow at once.')
    .action(async (id: string, options: AppOptions) =>
      print(await ask(options, 'PATCH', path(id), settings(options))),
    );
  withAdminOptions(app.command('delete <id>'))
    .requiredOption('--yes', 'that you mean it: everything in the app is lost')
    .description('Delete an app and everything in it.')
    .action(async (id: string, options: AppOptions) => {
      await ask(options, 'DELETE', path(id));
    });
}

function withSettings(command: Command): Command {
  return command
    .addOption(new Option('--mode <mode>', 'what the badge counts').choices([...badgeModes]))
    .option('--announcements', 'add unread announcements to the badge')
    .option('--no-announcements', 'do not add them');
}

function settings({ name, mode, announcements }: AppOptions): object {
  return {
    ...(name !== undefined && { name }),
    ...(mode !== undefined && { badge_mode: mode }),
    ...(announcements !== undefined && { include_announcements: announcements }),
  };
}

function path(id: string): string {
  return `/admin/apps/${encodeURIComponent(id)}`;
}
