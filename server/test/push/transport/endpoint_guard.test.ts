/** Server-side request forgery through a Web Push endpoint, which is a URL that a user hands us to call. */
import { createServer } from 'node:net';
import { newReceiver } from '@badged/dev-push';
import { describe, expect, test } from 'vitest';
import { deliver } from '../../../src/push/transport/port.js';
import {
  type EndpointPolicy,
  guardEndpoint,
  isPublicAddress,
  knownPushHosts,
} from '../../../src/push/transport/webpush/endpoint_guard.js';
import { generateVapidKeys } from '../../../src/push/transport/webpush/vapid.js';
import { WebPushTransport } from '../../../src/push/transport/webpush/web_push_transport.js';

const policy: EndpointPolicy = { hosts: knownPushHosts };

test.each([
  'https://fcm.googleapis.com/fcm/send/abc',
  'https://FCM.googleapis.com:443/fcm/send/abc',
  'https://updates.push.services.mozilla.com/wpush/v2/abc',
  'https://web.push.apple.com/QAbc',
  'https://wns2-par02p.notify.windows.com/w/?token=abc',
])('%s is a known push service', (endpoint) => {
  expect(guardEndpoint(endpoint, policy)).toMatchObject({ local: false });
});

test.each([
  'http://fcm.googleapis.com/fcm/send/abc',
  'https://attacker.example/fcm.googleapis.com',
  'https://attacker.example/?https://fcm.googleapis.com/',
  'https://attacker.example/#fcm.googleapis.com',
  'https://fcm.googleapis.com.attacker.example/',
  'https://attackerfcm.googleapis.com.example/',
  'https://attacker-fcm.googleapis.com/',
  'https://evilpush.apple.com/',
  'https://fcm.googleapis.com@attacker.example/',
  'https://fcm.googleapis.com:443@attacker.example/',
  'https://user@fcm.googleapis.com/',
  'https://user:secret@fcm.googleapis.com/',
  'https://attacker.example\\@fcm.googleapis.com/',
  'https://attacker.example\\.fcm.googleapis.com/',
  'https://fcm.googleapis.com:8443/',
  'https://fcm.googleapis.com./',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://localhost/',
  'https://169.254.169.254/latest/meta-data/',
  'ftp://fcm.googleapis.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'fcm.googleapis.com/abc',
  '//fcm.googleapis.com/abc',
  '',
  `https://fcm.googleapis.com/${'x'.repeat(3000)}`,
])('%s is refused', (endpoint) => {
  expect(guardEndpoint(endpoint, policy)).toHaveProperty('refusal');
});

test('the exempt local service is one origin, not its host', () => {
  const local = { hosts: knownPushHosts, localOrigin: 'http://127.0.0.1:8025' };
  expect(guardEndpoint('http://127.0.0.1:8025/push/1', local)).toMatchObject({ local: true });
  for (const other of [
    'http://127.0.0.1:8026/',
    'http://127.0.0.1/',
    'https://127.0.0.1:8025/',
    'http://localhost:8025/',
  ]) {
    expect(guardEndpoint(other, local)).toHaveProperty('refusal');
  }
});

test('an address is refused even where it is listed as a host', () => {
  expect(guardEndpoint('https://10.0.0.1/', { hosts: ['10.0.0.1'] })).toHaveProperty('refusal');
  expect(guardEndpoint('https://[::1]/', { hosts: ['[::1]'] })).toHaveProperty('refusal');
});

describe('addresses', () => {
  const inside = [
    [
      '0.0.0.0',
      '10.0.0.1',
      '10.255.255.255',
      '100.64.0.1',
      '100.127.255.255',
      '127.0.0.1',
      '127.255.255.254',
    ],
    [
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.1',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
    ],
    ['240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1'],
    [
      '64:ff9b::a00:1',
      'fc00::1',
      'fd12:3456::1',
      'fe80::1',
      'fec0::1',
      'ff02::1',
      '2001:db8::1',
      '2002:a00:1::',
    ],
  ].flat();
  test.each(inside)('%s is inside a network', (address) => expect(isPublicAddress(address)).toBe(false));

  const outside = ['8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.169.0.0'];
  test.each([...outside, '17.0.0.1', '2a00:1450:4001::a', '2620:149:208::1', '2607:f8b0::1'])(
    '%s is not',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

test('a name on the list that resolves to an address inside the network is never connected to', async () => {
  let connections = 0;
  // Port 443 is not ours to listen on, so the attempt is seen by the error's code; this listener shows that
  // the same name is reached when nothing guards it.
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const receiver = newReceiver();
  const keys = { p256dh: receiver.pair.getPublicKey('base64url'), auth: receiver.auth.toString('base64url') };
  const settings = {
    vapid: { ...generateVapidKeys(), subject: 'mailto:a@example.com' },
    navigate: 'https://a.example/',
  };
  const send = async (transport: WebPushTransport, endpoint: string) => {
    const delivery = { target: { platform: 'webpush', endpoint, keys } as const, alert: { text: 'Hi' } };
    const outcome = await deliver(transport, delivery, Date.now());
    await transport.close();
    return outcome.verdict;
  };

  const exempt = new WebPushTransport({ ...settings, localOrigin: `http://localhost:${port}` });
  expect((await send(exempt, `http://localhost:${port}/`)).kind).toBe('retry');
  expect(connections).toBe(1);

  const guarded = new WebPushTransport({ ...settings, hosts: ['localhost'] });
  expect(await send(guarded, 'https://localhost/')).toEqual({
    kind: 'retry',
    about: 'provider',
    reason: 'no response: EPRIVATEADDRESS',
  });
  await new Promise((resolve) => listener.close(resolve));
});
