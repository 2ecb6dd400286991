/**
 * The certificate for development: made at the first start with TLS, kept in the data directory for its owner
 * alone, and made anew before it expires. It signs itself, so clients have to be told to trust it.
 */

import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from './self_signed.js';

export interface Tls {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

export interface DevelopmentTls extends Tls {
  /** For NODE_EXTRA_CA_CERTS and for a browser's list of authorities. */
  readonly certFile: string;
}

/** The names that the vendor's SDK makes of the environment `localhost`. */
export const developmentNames = ['localhost', 'api.localhost', 'login.localhost'] as const;

const dayMs = 86_400_000;
const lifeMs = 365 * dayMs;

/** Throws what reading a file throws. */
export function readTls(certFile: string, keyFile: string): Tls {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

export function developmentTls(directory: string, now: number): DevelopmentTls {
  const certFile = join(directory, 'tls.crt');
  const keyFile = join(directory, 'tls.key');
  if (!isUsable(certFile, keyFile, now)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const made = makeCertificate(now);
    writePrivately(keyFile, made.key);
    writePrivately(certFile, made.cert);
  }
  return { ...readTls(certFile, keyFile), certFile };
}

/** What cannot be read is made anew. */
function isUsable(certFile: string, keyFile: string, now: number): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  try {
    return Date.parse(new X509Certificate(readFileSync(certFile)).validTo) > now + 7 * dayMs;
  } catch {
    return false;
  }
}

function makeCertificate(now: number): Tls {
  return selfSigned({
    commonName: 'badged development',
    dnsNames: developmentNames,
    ipv4Addresses: ['127.0.0.1'],
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + lifeMs),
  });
}

function writePrivately(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  // The mode of an existing file is not changed by writing.
  chmodSync(file, 0o600);
}
