/** The flags of `serve` for TLS and development mode. */
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
  readonly trustProxy?: boolean;
}

export function withSecurityFlags(command: Command): Command {
  return command
    .addOption(
      onOff(
        '--tls',
        'serve https. Without --tls-cert, with a certificate for localhost, api.localhost and ' +
          'login.localhost that is made in the data directory (tls.crt)',
        'BADGED_TLS',
      ),
    )
    .addOption(new Option('--tls-cert <file>', 'the certificate, PEM').env('BADGED_TLS_CERT'))
    .addOption(new Option('--tls-key <file>', 'its private key, PEM').env('BADGED_TLS_KEY'))
    .addOption(
      onOff(
        '--dev',
        'DEVELOPMENT ONLY: anyone can sign in as any user of an app without a login page; loopback only',
        'BADGED_DEV',
      ),
    );
}

/** Undefined for plain http. A string is the error: the flags contradict each other. */
export function tlsConfig({ tls, tlsCert, tlsKey }: SecurityFlags): TlsConfig | undefined | string {
  if (tlsCert !== undefined && tlsKey !== undefined)
    return { kind: 'files', certFile: tlsCert, keyFile: tlsKey };
  if (tlsCert !== undefined || tlsKey !== undefined)
    return '--tls-cert needs --tls-key, and the reverse. Set both, or only --tls.';
  return tls === true ? { kind: 'development' } : undefined;
}

/** Why `--dev` is refused, or undefined. */
export function devProblem({ dev, host, publicUrl }: SecurityFlags): string | undefined {
  if (dev === true && publicUrl !== undefined && !isLoopbackUrl(publicUrl))
    return '--dev lets anyone sign in as any user, so it needs a --public-url on this machine, or none.';
  return dev === true && !isLoopback(host)
    ? '--dev lets anyone sign in as any user, so it needs --host 127.0.0.1.'
    : undefined;
}

/** A warning if others can read what is sent: tokens, and who has how much unread. A proxy in front is taken at its word. */
export function exposureWarning(flags: SecurityFlags): string | undefined {
  const { host, publicUrl, trustProxy } = flags;
  const isBehindTls = trustProxy === true || publicUrl?.startsWith('https:') === true;
  if (isLoopback(host) || isBehindTls || tlsConfig(flags) !== undefined) return undefined;
  return (
    `WARNING: badged listens on ${host} without TLS. Anyone on the way can read the tokens. Set --tls-cert and ` +
    '--tls-key, or put a proxy with TLS in front and set --trust-proxy.'
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
