/** The local Web Push service refuses what real ones refuse, so a test against it proves something. */
import { WebPushService } from '@badged/dev-push';
import { afterEach, expect, test } from 'vitest';
import { encrypt, subscriptionKeys } from '../../../src/push/transport/webpush/encryption.js';
import { generateVapidKeys, Vapid } from '../../../src/push/transport/webpush/vapid.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

test('Web Push: an unknown sender, a missing TTL and a message that cannot be read are refused', async () => {
  const service = await WebPushService.listen();
  open.push(service);
  const [vapidKeys, others] = [generateVapidKeys(), generateVapidKeys()];
  const subscription = service.subscribe(vapidKeys.publicKey);
  const keys = subscriptionKeys(subscription.keys);
  if (!keys) throw new Error('the service made the keys');
  const sign = (identity: object, origin = service.origin, nowMs = Date.now()) =>
    new Vapid(
      { ...vapidKeys, subject: 'mailto:a@example.com', ...identity },
      { now: () => nowMs, clock: () => nowMs },
    ).authorization(origin);
  const push = async (headers: Record<string, string>, plaintext = '{}', to = keys) => {
    const answer = await fetch(subscription.endpoint, {
      method: 'POST',
      headers: { ttl: '60', 'content-encoding': 'aes128gcm', authorization: await sign({}), ...headers },
      body: encrypt(Buffer.from(plaintext), to),
    });
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await push({})).toBe('201 ');
  expect(await push({ ttl: '' })).toContain('BadTtl');
  expect(await push({ topic: 'x'.repeat(33) })).toContain('BadWebPushTopic');
  expect(await push({ 'content-encoding': 'aesgcm' })).toContain('BadEncoding');
  expect(await push({ authorization: '' })).toContain('MissingJwtToken');
  expect(await push({ authorization: await sign(others) })).toContain('VapidPkHashMismatch');
  expect(await push({ authorization: await sign({ subject: 'me' }) })).toContain('BadJwtToken');
  expect(await push({ authorization: await sign({}, 'https://push.example') })).toContain('BadJwtToken');
  expect(await push({ authorization: await sign({}, service.origin, 0) })).toContain('BadJwtToken');
  const foreign = subscriptionKeys(service.subscribe(vapidKeys.publicKey).keys);
  expect(await push({}, '{}', foreign)).toContain('NotDecryptable');
  expect(await push({}, '{"notification":{"app_badge":"3"},"app_badge":"4"}')).toContain('NotDecryptable');
  expect(await push({}, '{"notification":{"app_badge":3},"app_badge":3}')).toContain('NotDecryptable');
  expect(service.accepted.total).toBe(1);
});
