/** Flags and parsers that several commands share. */
import { InvalidArgumentError, Option } from 'commander';

/** The command to show in hints. A clone has no `badged` program, and sets this variable; npx puts none on the path. */
export const command =
  process.env.BADGED_COMMAND ?? (process.env.npm_command === 'exec' ? 'npx badged' : 'badged');

export function dataDirOption(): Option {
  return new Option('--data-dir <path>', 'the directory of the data')
    .env('BADGED_DATA_DIR')
    .default('./data')
    .argParser((text) => {
      if (text.trim() !== '') return text;
      throw new InvalidArgumentError('It must be the path of a directory, such as ./data.');
    });
}

export function databaseOption(): Option {
  return new Option(
    '--database-url <url>',
    'a PostgreSQL to use in place of the data directory, such as postgres://user:password@host:5432/badged; ' +
      'any number of servers may use the same one',
  )
    .env('DATABASE_URL')
    .argParser(databaseUrl);
}

export function databaseUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('It must be a URL such as postgres://user:password@host:5432/badged.');
}

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max && text.trim() !== '') return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Undefined if the variable is not set. */
export function onOffOf(variable: string | undefined): boolean | undefined {
  if (variable === undefined || variable === '') return undefined;
  return !/^(0|false|no|off)$/i.test(variable);
}

/** A flag that is on or off. Its variable may say 0, false, no or off; commander alone would read these as on. */
export function onOff(flags: string, description: string, variable: string): Option {
  const option = new Option(flags, description);
  const value = process.env[variable];
  return value === undefined || onOffOf(value) === true ? option.env(variable) : option;
}

/** Returns the URL without a slash at the end. */
export function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be a URL, such as https://badges.example.com.');
}

export function origins(text: string): string[] {
  return text.split(',').map((part) => {
    const url = URL.canParse(part.trim()) ? new URL(part.trim()) : undefined;
    // Browsers send exactly this, and it is compared exactly.
    if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`)
      return url.origin;
    throw new InvalidArgumentError(
      'It must be origins separated by commas, such as https://chat.example.com.',
    );
  });
}
