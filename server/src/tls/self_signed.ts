/**
 * Makes a self-signed certificate (RFC 5280) on P-256, with just the ASN.1 (DER) that it needs. Node can sign and
 * read certificates, but not make them.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface CertificateRequest {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipv4Addresses: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  ipAddress: 0x87,
  context0: 0xa0,
  context3: 0xa3,
} as const;

const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));

export function selfSigned(request: CertificateRequest): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(
    set(sequence(oid(2, 5, 4, 3), element(tag.utf8String, Buffer.from(request.commonName)))),
  );
  const toBeSigned = sequence(
    element(tag.context0, element(tag.integer, Buffer.of(2))),
    // The serial number (section 4.1.2.2): positive, unique, and below 20 bytes.
    element(tag.integer, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(request.notBefore), time(request.notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(tag.context3, sequence(...extensions(request))),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, bitString(signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', certificate),
  };
}

/** It is its own certificate authority, and for servers only. */
function extensions({ dnsNames, ipv4Addresses }: CertificateRequest): Buffer[] {
  const names = [
    ...dnsNames.map((name) => element(tag.dnsName, Buffer.from(name))),
    ...ipv4Addresses.map((address) => element(tag.ipAddress, Buffer.from(address.split('.').map(Number)))),
  ];
  return [
    extension(oid(2, 5, 29, 19), { critical: true }, sequence(element(tag.boolean, Buffer.of(0xff)))),
    extension(oid(2, 5, 29, 37), { critical: false }, sequence(oid(1, 3, 6, 1, 5, 5, 7, 3, 1))),
    extension(oid(2, 5, 29, 17), { critical: false }, sequence(...names)),
  ];
}

function extension(id: Buffer, { critical }: { readonly critical: boolean }, value: Buffer): Buffer {
  const flag = critical ? [element(tag.boolean, Buffer.of(0xff))] : [];
  return sequence(id, ...flag, element(tag.octetString, value));
}

function element(tagByte: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tagByte), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  return bytes < 0x100 ? Buffer.of(0x81, bytes) : Buffer.of(0x82, bytes >> 8, bytes & 0xff);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(tag.sequence, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return element(tag.set, Buffer.concat(parts));
}

function bitString(content: Buffer): Buffer {
  return element(tag.bitString, Buffer.concat([Buffer.of(0), content]));
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  return element(tag.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

/** UTCTime to 2049, GeneralizedTime from 2050 (section 4.1.2.5). */
function time(at: Date): Buffer {
  const text = `${at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`;
  return at.getUTCFullYear() < 2050
    ? element(tag.utcTime, Buffer.from(text.slice(2)))
    : element(tag.generalizedTime, Buffer.from(text));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
