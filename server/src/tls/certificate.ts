/**
 * Reads the certificate for TLS. For development, makes a self-signed one in the data directory, readable by its
 * owner only, and replaces it before it expires; clients must be configured to trust it.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
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
const developmentNames = ['localhost', 'api.localhost', 'login.localhost'] as const;

const dayMs = 86_400_000;
const validityMs = 365 * dayMs;

/** The message says which file is wrong, and does not quote it. */
export class TlsFileError extends Error {
  override name = 'TlsFileError';
}

/**
 * Reads both files, and checks that a server can use them.
 * @throws TlsFileError
 */
export function readTls(certFile: string, keyFile: string): Tls {
  const cert = readOrRefuse(certFile, '--tls-cert');
  const key = readOrRefuse(keyFile, '--tls-key');
  const certificate = parseOrRefuse(
    () => new X509Certificate(cert),
    `${certFile} is not a certificate in PEM. Set --tls-cert to the certificate, followed by its chain.`,
  );
  const privateKey = parseOrRefuse(
    () => createPrivateKey(key),
    `${keyFile} is not a private key in PEM without a passphrase. Set --tls-key to the key of ${certFile}.`,
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new TlsFileError(`${keyFile} is not the private key of the certificate ${certFile}.`);
  parseOrRefuse(
    () => createSecureContext({ cert, key }),
    `TLS does not accept the certificate ${certFile} with the key ${keyFile}. Make stronger ones.`,
  );
  return { cert, key };
}

function readOrRefuse(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TlsFileError(`${flag} ${file} cannot be read (${error}).`);
  }
}

function parseOrRefuse<T>(parse: () => T, refusal: string): T {
  try {
    return parse();
  } catch (error) {
    throw new TlsFileError(`${refusal} (${error})`);
  }
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

/** False if a file is missing or invalid (a start may have been killed between the two), or expires within a week. */
function isUsable(certFile: string, keyFile: string, now: number): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  try {
    const { cert } = readTls(certFile, keyFile);
    return Date.parse(new X509Certificate(cert).validTo) > now + 7 * dayMs;
  } catch (error) {
    if (error instanceof TlsFileError) return false;
    throw error;
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
