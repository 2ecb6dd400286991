/** How a start that failed ends: with one sentence if the user can fix it; any other error is a bug, with its stack. */
import {
  ClusterDatabaseError,
  type Config,
  DataDirectoryError,
  SecretKeyError,
  TlsFileError,
} from '../compose.js';

export function exitWithReason(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): never {
  if (isOfTheConfiguration(error)) exit(error.message);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    exit(`Port ${port} at ${host} is in use. Set --port to another, or to 0 for a free one.`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    exit(`No host is named ${host}. Set --host to an address of this machine.`);
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    exit(`Cannot listen on ${host}, port ${port}: ${error}.`);
  throw error;
}

export function exit(message: string): never {
  console.error(`badged: ${message}`);
  process.exit(1);
}

function isOfTheConfiguration(error: unknown): error is Error {
  const errors = [ClusterDatabaseError, DataDirectoryError, SecretKeyError, TlsFileError];
  return errors.some((type) => error instanceof type);
}
