/**
 * Message encryption for Web Push (RFC 8291) in the aes128gcm content encoding (RFC 8188): one record, sealed
 * with a key that only the subscription's browser can derive.
 */
import { createCipheriv, createECDH, ECDH, hkdfSync, randomBytes } from 'node:crypto';

const curve = 'prime256v1';
const saltBytes = 16;
const publicKeyBytes = 65;
const authBytes = 16;
const tagBytes = 16;
const recordSize = 4096;
const headerBytes = saltBytes + 4 + 1 + publicKeyBytes;
/** Marks the last record (RFC 8188, 2). */
const lastRecord = Buffer.of(2);

/** Push services take at least 4096 bytes (RFC 8030, 7.2); this is what remains of them for the message. */
export const plaintextLimitBytes = recordSize - headerBytes - tagBytes - lastRecord.length;

export interface SubscriptionKeys {
  readonly p256dh: Buffer;
  readonly auth: Buffer;
}

/** Undefined if these are not a point on P-256 and a 16-byte secret, in base64url. */
export function subscriptionKeys(keys: { p256dh: string; auth: string }): SubscriptionKeys | undefined {
  const p256dh = Buffer.from(keys.p256dh, 'base64url');
  const auth = Buffer.from(keys.auth, 'base64url');
  if (p256dh.length !== publicKeyBytes || auth.length !== authBytes) return undefined;
  try {
    // Throws for what is no point of the curve, where computing a secret would throw as well.
    ECDH.convertKey(p256dh, curve);
    return { p256dh, auth };
  } catch {
    return undefined;
  }
}

/** What must never be used twice. Given from outside only to reproduce the RFC's example. */
export interface Freshness {
  readonly salt: Buffer;
  readonly sender: ECDH;
}

export function encrypt(plaintext: Buffer, keys: SubscriptionKeys, fresh: Freshness = freshness()): Buffer {
  const { salt, sender } = fresh;
  const senderPublic = sender.getPublicKey();
  const inputKey = hkdf(
    keys.auth,
    sender.computeSecret(keys.p256dh),
    Buffer.concat([Buffer.from('WebPush: info\0'), keys.p256dh, senderPublic]),
    32,
  );
  const contentKey = hkdf(salt, inputKey, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = hkdf(salt, inputKey, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce);
  const record = [cipher.update(plaintext), cipher.update(lastRecord), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([header(salt, senderPublic), ...record]);
}

function freshness(): Freshness {
  const sender = createECDH(curve);
  sender.generateKeys();
  return { salt: randomBytes(saltBytes), sender };
}

function header(salt: Buffer, senderPublic: Buffer): Buffer {
  const sizes = Buffer.alloc(5);
  sizes.writeUInt32BE(recordSize, 0);
  sizes.writeUInt8(senderPublic.length, 4);
  return Buffer.concat([salt, sizes, senderPublic]);
}

function hkdf(salt: Buffer, key: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, bytes));
}
