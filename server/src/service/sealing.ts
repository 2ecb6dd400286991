/**
 * Sealing: secrets of an app that the service has to read again (push credentials) are encrypted with AES-256-GCM
 * (NIST SP 800-38D) before they are stored. The key is never in the store.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** The first byte of every sealed value, so that the algorithm can be changed later. */
const version = 1;

export class SecretKeyError extends Error {
  override name = 'SecretKeyError';
}

export class SecretKey {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  static random(): SecretKey {
    return new SecretKey(randomBytes(keyBytes));
  }

  /** 32 bytes as hexadecimal or base64. @throws SecretKeyError, whose message does not quote the text. */
  static parse(text: string): SecretKey {
    const trimmed = text.trim();
    if (/^[0-9a-f]{64}$/i.test(trimmed)) return new SecretKey(Buffer.from(trimmed, 'hex'));
    const bytes = Buffer.from(trimmed, 'base64');
    if (/^[\w+/-]{43}=?$/.test(trimmed) && bytes.length === keyBytes) return new SecretKey(bytes);
    throw new SecretKeyError(
      'The secret key must be 32 bytes in hexadecimal or base64, such as the output of: openssl rand -hex 32',
    );
  }

  /** As parse() reads it, for the file that stores it. */
  toText(): string {
    return this.#key.toString('hex');
  }

  /** By which two keys can be compared; the key cannot be computed from it. */
  get id(): string {
    return Buffer.from(this.derive('key id')).toString('hex', 0, 16);
  }

  /** A key for one purpose, from which this key cannot be computed (RFC 5869). */
  derive(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#key, Buffer.alloc(0), `badged ${purpose}`, keyBytes));
  }

  /** The context names the owner. With another context it does not open, so it cannot be moved to another owner. */
  seal(plaintext: string, context: readonly string[]): Uint8Array {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.derive('sealing'), nonce);
    cipher.setAAD(Buffer.from(JSON.stringify(context)));
    const sealed = [cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([Buffer.of(version), nonce, ...sealed]);
  }

  /** Undefined if it was sealed with another key or another context, or was changed since. */
  open(sealed: Uint8Array, context: readonly string[]): string | undefined {
    const bytes = Buffer.from(sealed);
    if (bytes[0] !== version || bytes.length < 1 + nonceBytes + tagBytes) return undefined;
    const nonce = bytes.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv(algorithm, this.derive('sealing'), nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(JSON.stringify(context)));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      const plaintext = [decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()];
      return Buffer.concat(plaintext).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
