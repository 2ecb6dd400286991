/**
 * Reads the certificate for TLS. For development, makes a self-signed one in the data directory, readable by its
 * owner only, and replaces it before it expires; clients must be configured to trust it.
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
  /** The path of the certificate, for NODE_EXTRA_CA_CERTS or a browser's authorities. */
  readonly certFile: string;
}

/** The host names that the vendor's SDK uses for the environment `localhost`. */
export const developmentNames = ['localhost', 'api.localhost', 'login.localhost'] as const;

const dayMs = 86_400_000;
const validityMs = 365 * dayMs;

/** Throws the errors of reading a file. */
export function readTls(certFile: string, keyFile: string): Tls {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

export function developmentTls(directory: string, now: number): DevelopmentTls {
  const certFile = join(directory, 'tls.crt');
  const keyFile = join(directory, 'tls.key');
  if (!isUsable(certFile, keyFile, now)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const made = makeCertificate(now);
    writePrivate(keyFile, made.key);
    writePrivate(certFile, made.cert);
  }
  return { ...readTls(certFile, keyFile), certFile };
}

/** False if a file is missing or invalid, or expires within a week. */
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
    notAfter: new Date(now + validityMs),
  });
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  // Writing does not change the mode of an existing file.
  chmodSync(file, 0o600);
}
