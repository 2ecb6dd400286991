/** The command `badged admin-token`: makes another admin token for the data, while no server uses it. */
import type { Command } from 'commander';
import { newAdminToken } from '../offline.js';
import { databaseOption, dataDirOption } from './options.js';
import { type PlaceFlags, placeOf, reported } from './transfer_options.js';

export function addAdminTokenCommand(parent: Command): void {
  parent
    .command('admin-token')
    .description('Make a new admin token, and print it. The old one no longer works.')
    .requiredOption('--new', 'replace the stored admin token')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Stop the server first. Servers over PostgreSQL use the old token until they are restarted. While BADGED_ADMIN_TOKEN is set for
a server, that one is valid, and not this.`,
    )
    .action((flags: PlaceFlags, self: Command) =>
      reported(async () => {
        const token = await newAdminToken(placeOf(flags, self));
        console.log(`Admin token (shown only once): ${token}`);
      }),
    );
}
