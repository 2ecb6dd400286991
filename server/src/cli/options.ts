/** What several commands' flags have in common. */
import { InvalidArgumentError, Option } from 'commander';

/** What whoever reads a hint can type: in a clone there is no program of that name. */
export const command = process.env.BADGED_COMMAND ?? 'badged';

export function dataDirOption(): Option {
  return new Option('--data-dir <path>', 'where the data is').env('BADGED_DATA_DIR').default('./data');
}

export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most && text.trim() !== '') return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A flag that is on or off. A variable that says no leaves it off; commander takes any value for a yes. */
export function onOff(flags: string, what: string, variable: string): Option {
  const option = new Option(flags, what);
  return /^(0|false|no|off)?$/i.test(process.env[variable] ?? 'unset') ? option : option.env(variable);
}

/** The start of addresses, without a slash at the end. */
export function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be an address, such as https://badges.example.com.');
}

export function origins(text: string): string[] {
  return text.split(',').map((part) => {
    const url = URL.canParse(part.trim()) ? new URL(part.trim()) : undefined;
    // What browsers send is this, and is compared character for character.
    if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`)
      return url.origin;
    throw new InvalidArgumentError(
      'It must name origins, such as https://chat.example.com, with commas between.',
    );
  });
}
