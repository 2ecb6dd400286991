/** The flag that says how long the journal keeps messages. */
import { type Command, InvalidArgumentError, Option } from 'commander';

export function withRetentionFlag(command: Command): Command {
  return command.addOption(
    new Option(
      '--keep-messages <time>',
      'how long the journal keeps messages and receipts, such as 90d or 36h; counts stay exact (default: for ever)',
    )
      .env('BADGED_KEEP_MESSAGES')
      .argParser(age),
  );
}

const hourMs = 3_600_000;
const units = new Map([
  ['h', hourMs],
  ['d', 24 * hourMs],
]);

/** In milliseconds. */
export function age(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([hd])$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (units.get(unit) ?? Number.NaN);
  if (ms >= hourMs) return ms;
  throw new InvalidArgumentError('It must be a number of days or hours, such as 90d or 36h, of at least 1h.');
}
