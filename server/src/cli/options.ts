/** What several commands' flags have in common. */
import { InvalidArgumentError, Option } from 'commander';

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
