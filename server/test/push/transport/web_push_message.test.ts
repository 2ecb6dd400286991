/** Web Push messages before encryption, byte by byte. Source: WebKit, Declarative Web Push; RFC 8030. */

import { newReceiver } from '@badged/dev-push';
import { expect, test } from 'vitest';
import type { Delivery, WebPushTarget } from '../../../src/push/transport/port.js';
import { knownPushHosts } from '../../../src/push/transport/webpush/endpoint_guard.js';
import { webPushRequest } from '../../../src/push/transport/webpush/message.js';

const nowMs = Date.UTC(2026, 0, 1);
const settings = { policy: { hosts: knownPushHosts }, navigate: 'https://chat.example/' };
const receiver = newReceiver();
const target: WebPushTarget = {
  platform: 'webpush',
  endpoint: 'https://web.push.apple.com/QAbc',
  keys: { p256dh: receiver.pair.getPublicKey('base64url'), auth: receiver.auth.toString('base64url') },
};

type Parts = Omit<Delivery<WebPushTarget>, 'target'>;
const prepare = (parts: Parts, to = target) => webPushRequest({ ...parts, target: to }, nowMs, settings);

function request(parts: Parts) {
  const prepared = prepare(parts);
  if ('refused' in prepared) throw new Error(JSON.stringify(prepared.refused));
  return prepared.request;
}

test('promise 2: the badge omitted, 0 and N are three different bodies, with the badge in both places as digits', () => {
  const alert = { title: 'Ada', text: 'Hi' };
  const start =
    '{"web_push":8030,"notification":{"title":"Ada","body":"Hi","navigate":"https://chat.example/"';
  expect(request({ alert }).plaintext).toBe(`${start}},"mutable":true}`);
  expect(request({ alert, badge: 0 }).plaintext).toBe(
    `${start},"app_badge":"0"},"app_badge":"0","mutable":true}`,
  );
  expect(request({ alert, badge: 3 }).plaintext).toBe(
    `${start},"app_badge":"3"},"app_badge":"3","mutable":true}`,
  );
});

test('there is no push that shows nothing: badge-only and an alert without words are rejected', () => {
  for (const parts of [{ badge: 0 }, { badge: 3 }, { badge: 3, alert: {} }, { alert: { data: { a: 1 } } }]) {
    expect(prepare(parts)).toHaveProperty('refused.kind', 'rejected');
  }
});

test('a text without a title becomes the title, which every notification must have', () => {
  expect(JSON.parse(request({ alert: { text: 'Hi' } }).plaintext).notification).toEqual({
    title: 'Hi',
    navigate: 'https://chat.example/',
  });
});

test('the headers say how long, how urgent, and what is replaced', () => {
  const parts = { alert: { text: 'Hi' }, expiresAtMs: nowMs + 60_000, collapseId: 'room' };
  expect(request(parts).headers).toEqual({
    'content-type': 'application/notification+json',
    'content-encoding': 'aes128gcm',
    ttl: '60',
    urgency: 'high',
    topic: 'room',
  });
  const topic = request({ ...parts, collapseId: 'layer:///conversations/f3cc7b32' }).headers.topic ?? '';
  expect(topic).toMatch(/^[\w-]{1,32}$/);
});

test('a click leads to where the data says, and the data travels along', () => {
  const data = { navigate: 'https://chat.example/room/5', room: 5 };
  const { notification } = JSON.parse(request({ alert: { text: 'Hi', data }, collapseId: 'room' }).plaintext);
  expect(notification).toEqual({ title: 'Hi', navigate: data.navigate, tag: 'room', data });
});

test('an endpoint or keys that no browser gave are rejected before anything is encrypted', () => {
  const alert = { text: 'Hi' };
  expect(prepare({ alert }, { ...target, endpoint: 'http://web.push.apple.com/Q' })).toHaveProperty(
    'refused',
  );
  const offCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
  for (const keys of [
    { ...target.keys, p256dh: offCurve },
    { ...target.keys, auth: 'AAAA' },
  ]) {
    expect(prepare({ alert }, { ...target, keys })).toHaveProperty('refused.kind', 'rejected');
  }
});
