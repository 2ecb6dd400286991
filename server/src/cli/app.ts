/** The command `badged app`: the apps of a running server. */
import { badgeModes } from '@badged/core';
import { type Command, Option } from 'commander';
import { type AdminOptions, callAdmin, print, withAdminOptions } from './admin_client.js';

interface AppOptions extends AdminOptions {
  readonly name?: string;
  readonly mode?: string;
  readonly announcements?: boolean;
}

export function addAppCommands(parent: Command): void {
  const app = parent.command('app').description('Create, list, change and delete apps of a running server.');
  withSettings(withAdminOptions(app.command('create <name>')))
    .description('Create an app, and print its token. The token is shown only once.')
    .action(async (name: string, options: AppOptions) =>
      print(await callAdmin(options, 'POST', '/admin/apps', { ...settings(options), name })),
    );
  withAdminOptions(app.command('list'))
    .description('List the apps.')
    .action(async (options: AppOptions) => print(await callAdmin(options, 'GET', '/admin/apps')));
  withSettings(withAdminOptions(app.command('set <id>')))
    .option('--name <name>', 'the new name')
    .description('Change an app. All badges are updated at once.')
    .action(async (id: string, options: AppOptions) =>
      print(await callAdmin(options, 'PATCH', path(id), settings(options))),
    );
  withAdminOptions(app.command('delete <id>'))
    .requiredOption('--yes', 'confirm that everything in the app is lost')
    .description('Delete an app and everything in it.')
    .action(async (id: string, options: AppOptions) => {
      await callAdmin(options, 'DELETE', path(id));
    });
}

function withSettings(command: Command): Command {
  return command
    .addOption(new Option('--mode <mode>', 'what the badge counts').choices([...badgeModes]))
    .option('--announcements', 'add unread announcements to the badge')
    .option('--no-announcements', 'do not add unread announcements to the badge');
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
