/** TLS for development: a certificate that is made once, kept for its owner alone, and trusted by real clients. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { devProblem, tlsConfig } from '../../src/cli/security_flags.js';
import { developmentTls } from '../../src/tls/certificate.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'badged-certificate-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const day = 86_400_000;
const now = Date.parse('2030-01-01T00:00:00Z');

describe('the certificate', () => {
  test('is for the names that the vendor’s SDK makes of localhost, and signed by itself', () => {
    const { cert, key } = developmentTls(directory, now);
    const certificate = new X509Certificate(cert);
    for (const name of ['localhost', 'api.localhost', 'login.localhost'])
      expect(certificate.checkHost(name)).toBe(name);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(key).toContain('BEGIN PRIVATE KEY');
    expect(Date.parse(certificate.validTo)).toBe(now + 365 * day);
  });

  test('is kept, readable by its owner alone, until shortly before it expires', () => {
    const { cert, certFile } = developmentTls(directory, now);
    expect(developmentTls(directory, now + 357 * day).cert).toBe(cert);
    for (const file of [certFile, join(directory, 'tls.key')])
      expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(developmentTls(directory, now + 359 * day).cert).not.toBe(cert);
  });

  test('is of a form that holds beyond 2049', () => {
    const later = mkdtempSync(join(tmpdir(), 'badged-certificate-'));
    const { cert } = developmentTls(later, Date.parse('2049-06-01T00:00:00Z'));
    expect(new X509Certificate(cert).validTo).toContain('2050');
    rmSync(later, { recursive: true });
  });

  test('what was half written is not used', () => {
    const broken = mkdtempSync(join(tmpdir(), 'badged-certificate-'));
    developmentTls(broken, now);
    writeFileSync(join(broken, 'tls.crt'), '');
    expect(() => new X509Certificate(developmentTls(broken, now).cert)).not.toThrow();
    expect(readFileSync(join(broken, 'tls.crt'), 'utf8')).toContain('BEGIN CERTIFICATE');
    rmSync(broken, { recursive: true });
  });
});

describe('the flags', () => {
  const host = '127.0.0.1';
  test('a certificate and its key go together', () => {
    expect(tlsConfig({ host })).toBeUndefined();
    expect(tlsConfig({ host, tls: true })).toEqual({ kind: 'development' });
    const files = { kind: 'files', certFile: 'a', keyFile: 'b' };
    expect(tlsConfig({ host, tlsCert: 'a', tlsKey: 'b' })).toEqual(files);
    expect(tlsConfig({ host, tlsCert: 'a' })).toMatch(/--tls-cert needs --tls-key/);
  });

  test('development mode is for loopback only', () => {
    for (const local of ['127.0.0.1', 'localhost', '::1'])
      expect(devProblem({ host: local, dev: true })).toBeUndefined();
    for (const open of ['0.0.0.0', '::', '192.0.2.1', '127.evil.example'])
      expect(devProblem({ host: open, dev: true })).toMatch(/needs --host 127\.0\.0\.1/);
    expect(devProblem({ host: '0.0.0.0' })).toBeUndefined();
  });
});
