/** The flags of serve about TLS and development mode. */
import { type Command, Option } from 'commander';
import type { TlsConfig } from '../compose.js';
import { onOff } from './options.js';

export interface SecurityFlags {
  readonly host: string;
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly dev?: boolean;
  readonly publicUrl?: string;
}

export function withSecurityFlags(command: Command): Command {
  return command
    .addOption(
      onOff(
        '--tls',
        'speak https, with a certificate for localhost, api.localhost and login.localhost that is made and ' +
          'kept in the data directory (tls.crt), unless one is given',
        'BADGED_TLS',
      ),
    )
    .addOption(new Option('--tls-cert <file>', 'the certificate to use, PEM').env('BADGED_TLS_CERT'))
    .addOption(new Option('--tls-key <file>', 'its private key, PEM').env('BADGED_TLS_KEY'))
    .addOption(
      onOff(
        '--dev',
        'DEVELOPMENT ONLY: anybody can sign in as anybody to an app that has no login page; loopback only',
        'BADGED_DEV',
      ),
    );
}

/** Undefined: plain http. A string is the sentence that says what does not go together. */
export function tlsConfig({ tls, tlsCert, tlsKey }: SecurityFlags): TlsConfig | undefined | string {
  if (tlsCert !== undefined && tlsKey !== undefined)
    return { kind: 'files', certFile: tlsCert, keyFile: tlsKey };
  if (tlsCert !== undefined || tlsKey !== undefined)
    return '--tls-cert and --tls-key go together. Give both, or --tls alone.';
  return tls === true ? { kind: 'development' } : undefined;
}

export function devProblem({ dev, host, publicUrl }: SecurityFlags): string | undefined {
  if (dev === true && publicUrl !== undefined && !isOfThisMachine(publicUrl))
    return '--dev lets anybody sign in as anybody, so it does not go with a --public-url that others reach.';
  const isLoopback = host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
  return dev === true && !isLoopback
    ? '--dev lets anybody sign in as anybody, so it goes with --host 127.0.0.1 only.'
    : undefined;
}

function isOfThisMachine(url: string): boolean {
  return URL.canParse(url) && /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
