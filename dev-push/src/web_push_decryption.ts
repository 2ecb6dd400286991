/**
 * Decrypts a Web Push message as a browser does (RFC 8291, RFC 8188). It shares no code with the server's
 * encryption, so that each checks the other.
 */
import { createDecipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto';

/** The browser's half of a subscription. */
export interface Receiver {
  readonly pair: ECDH;
  readonly auth: Buffer;
}

export function newReceiver(): Receiver {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return { pair, auth: randomBytes(16) };
}

/** Throws if the message is not for this receiver, or was changed. */
export function decrypt(message: Buffer, { pair, auth }: Receiver): Buffer {
  const salt = message.subarray(0, 16);
  const recordSize = message.readUInt32BE(16);
  const senderPublic = message.subarray(21, 21 + message.readUInt8(20));
  const record = message.subarray(21 + senderPublic.length);
  if (record.length > recordSize) throw new Error('more than one record');

  const shared = hmac(auth, pair.computeSecret(senderPublic));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), senderPublic]);
  const pseudoRandom = hmac(salt, expand(shared, info, 32));
  const key = expand(pseudoRandom, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = expand(pseudoRandom, Buffer.from('Content-Encoding: nonce\0'), 12);

  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return withoutPadding(padded);
}

/** The last record ends with a 2 and any number of zeros. */
function withoutPadding(padded: Buffer): Buffer {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (padded[end] !== 2) throw new Error('not the last record');
  return padded.subarray(0, end);
}

/** HKDF-Expand (RFC 5869, section 2.3) for up to one block of SHA-256. */
function expand(key: Buffer, info: Buffer, bytes: number): Buffer {
  return hmac(key, Buffer.concat([info, Buffer.of(1)])).subarray(0, bytes);
}

function hmac(key: Buffer, data: Buffer): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
