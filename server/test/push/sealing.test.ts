/** Sealing: only the same key, for the same context, opens what was sealed; and where that key comes from. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSecretKey } from '../../src/secret_key_file.js';
import { SecretKey, SecretKeyError } from '../../src/service/sealing.js';

const contexts = fc.array(fc.string(), { maxLength: 3 });

describe('what was sealed', () => {
  test('opens with the same key and context, as it was', () => {
    const key = SecretKey.random();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), contexts, (text, context) => {
        expect(key.open(key.seal(text, context), context)).toBe(text);
      }),
    );
  });

  test('does not open with another key, or for another context', () => {
    const key = SecretKey.random();
    fc.assert(
      fc.property(fc.string(), contexts, contexts, (text, context, other) => {
        const sealed = key.seal(text, context);
        expect(SecretKey.random().open(sealed, context)).toBeUndefined();
        if (JSON.stringify(context) !== JSON.stringify(other))
          expect(key.open(sealed, other)).toBeUndefined();
      }),
    );
  });

  test('does not open once a single bit of it is changed, or a part is missing', () => {
    const key = SecretKey.random();
    const sealed = key.seal('a secret', ['x']);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(key.open(changed, ['x'])).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(key.open(sealed.subarray(0, length), ['x'])).toBeUndefined();
  });

  test('never looks the same twice, and holds nothing of the text', () => {
    const key = SecretKey.random();
    const sealed = new Set(
      Array.from({ length: 100 }, () => Buffer.from(key.seal('a secret', [])).toString('hex')),
    );
    expect(sealed.size).toBe(100);
    for (const one of sealed) expect(one).not.toContain(Buffer.from('secret').toString('hex'));
  });

  test('keys for different purposes differ, and stay the same for the same purpose', () => {
    const text = randomBytes(32).toString('hex');
    const derive = (purpose: string) => Buffer.from(SecretKey.parse(text).derive(purpose)).toString('hex');
    expect(derive('a')).toBe(derive('a'));
    expect(derive('a')).not.toBe(derive('b'));
    expect(derive('a')).not.toBe(text);
  });
});

describe('the secret key', () => {
  test('is read in hexadecimal and base64', () => {
    const bytes = randomBytes(32);
    const sealed = SecretKey.parse(bytes.toString('hex')).seal('x', []);
    for (const text of [
      bytes.toString('hex').toUpperCase(),
      bytes.toString('base64'),
      bytes.toString('base64url'),
    ])
      expect(SecretKey.parse(` ${text}\n`).open(sealed, [])).toBe('x');
  });

  test('of another length or form is refused by a sentence that does not quote it', () => {
    for (const text of [
      '',
      'password',
      'ab'.repeat(31),
      'z'.repeat(64),
      randomBytes(31).toString('base64'),
    ]) {
      expect(() => SecretKey.parse(text)).toThrow(SecretKeyError);
      if (text !== '') expect(() => SecretKey.parse(text)).not.toThrow(text);
    }
  });
});

describe('the file of the secret key', () => {
  function newDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'badged-key-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    return directory;
  }

  test('is made once, for its owner only, and read again at the next start', () => {
    const directory = newDirectory();
    const sealed = openSecretKey({ dataDir: directory }).seal('x', []);
    expect(statSync(join(directory, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(openSecretKey({ dataDir: directory }).open(sealed, [])).toBe('x');
  });

  test('that is damaged is refused and not replaced: another key would open nothing', () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'secret.key'), '');
    expect(() => openSecretKey({ dataDir: directory })).toThrow(/Restore the key/);
    expect(readFileSync(join(directory, 'secret.key'), 'utf8')).toBe('');
  });
});
