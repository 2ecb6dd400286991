/** The encryption against the examples of RFC 8291 and RFC 8188, and against the browser's side of it. */
import { createECDH } from 'node:crypto';
import { decrypt, newReceiver } from '@badged/dev-push';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encrypt,
  plaintextLimitBytes,
  subscriptionKeys,
} from '../../../src/push/transport/webpush/encryption.js';

const bytes = (base64url: string) => Buffer.from(base64url, 'base64url');

/** RFC 8291, section 5 and appendix A. */
const example = {
  plaintext: 'When I grow up, I want to be a watermelon',
  senderPrivate: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  senderPublic: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  receiverPrivate: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  receiverPublic: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  message:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w' +
    'EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

test('RFC 8291: the example comes out byte by byte', () => {
  const sender = createECDH('prime256v1');
  sender.setPrivateKey(bytes(example.senderPrivate));
  expect(sender.getPublicKey('base64url')).toBe(example.senderPublic);
  const keys = subscriptionKeys({ p256dh: example.receiverPublic, auth: example.auth });
  if (!keys) throw new Error('the keys are good');
  const message = encrypt(Buffer.from(example.plaintext), keys, { salt: bytes(example.salt), sender });
  expect(message.toString('base64url')).toBe(example.message);
});

test('RFC 8291: the local push service reads the example', () => {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(bytes(example.receiverPrivate));
  expect(pair.getPublicKey('base64url')).toBe(example.receiverPublic);
  expect(decrypt(bytes(example.message), { pair, auth: bytes(example.auth) }).toString()).toBe(
    example.plaintext,
  );
});

test('what is encrypted for a browser that browser reads, and no other; no two messages are alike', () => {
  const receiver = newReceiver();
  const keys = { p256dh: receiver.pair.getPublicKey(), auth: receiver.auth };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: plaintextLimitBytes }), (content) => {
      const plaintext = Buffer.from(content);
      const message = encrypt(plaintext, keys);
      expect(decrypt(message, receiver).equals(plaintext)).toBe(true);
      expect(encrypt(plaintext, keys).equals(message)).toBe(false);
      expect(() => decrypt(message, newReceiver())).toThrow();
    }),
    { numRuns: 50 },
  );
});

test('RFC 8030, 7.2: the longest message is no longer than push services must take', () => {
  const receiver = newReceiver();
  const keys = { p256dh: receiver.pair.getPublicKey(), auth: receiver.auth };
  expect(encrypt(Buffer.alloc(plaintextLimitBytes), keys)).toHaveLength(4096);
});

test('one changed byte anywhere, and nothing is read', () => {
  const receiver = newReceiver();
  const message = encrypt(Buffer.from('{}'), { p256dh: receiver.pair.getPublicKey(), auth: receiver.auth });
  for (let index = 0; index < message.length; index += 1) {
    // The record size only has to be large enough.
    if (index >= 16 && index < 20) continue;
    const changed = Buffer.from(message);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    expect(() => decrypt(changed, receiver)).toThrow();
  }
});
