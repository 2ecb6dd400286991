/** The command `badged token`: the tokens of an app of a running server. */
import type { Command } from 'commander';
import { type AdminOptions, callAdmin, print, withAdminOptions } from './admin_client.js';

export function addTokenCommands(parent: Command): void {
  const token = parent
    .command('token')
    .description('Create, list and revoke the tokens of an app of a running server.');
  withAdminOptions(token.command('create <app>'))
    .option('--label <text>', 'a name for the token', 'token')
    .description('Create a token, and print it. It is shown only once.')
    .action(async (app: string, options: AdminOptions & { label: string }) =>
      print(await callAdmin(options, 'POST', path(app), { label: options.label })),
    );
  withAdminOptions(token.command('list <app>'))
    .description('List the tokens, without the secrets.')
    .action(async (app: string, options: AdminOptions) => print(await callAdmin(options, 'GET', path(app))));
  withAdminOptions(token.command('revoke <app> <id>'))
    .description('Revoke a token. It stops working at once.')
    .action(async (app: string, id: string, options: AdminOptions) => {
      await callAdmin(options, 'DELETE', `${path(app)}/${encodeURIComponent(id)}`);
    });
}

function path(app: string): string {
  return `/admin/apps/${encodeURIComponent(app)}/tokens`;
}
