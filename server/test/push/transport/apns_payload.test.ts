/** APNs requests, byte by byte. Source: Apple, Generating a remote notification; Sending notification requests. */
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/push/transport/alert.js';
import {
  type ApnsRequest,
  apnsRequest,
  payloadLimitBytes,
} from '../../../src/push/transport/apns/payload.js';
import type { ApnsTarget, Delivery } from '../../../src/push/transport/port.js';

const nowMs = Date.UTC(2026, 0, 1);
const target: ApnsTarget = {
  platform: 'apns',
  token: 'ab01',
  bundleId: 'com.example.chat',
  environment: 'production',
};

function request(delivery: Omit<Delivery<ApnsTarget>, 'target'>): ApnsRequest {
  const prepared = apnsRequest({ ...delivery, target }, nowMs);
  if ('refused' in prepared) throw new Error(JSON.stringify(prepared.refused));
  return prepared.request;
}

const bytes = (delivery: Omit<Delivery<ApnsTarget>, 'target'>) => request(delivery).body;

test('promise 2: a badge-only push is an alert-type push with nothing but the badge; 0 and N differ', () => {
  expect(bytes({ badge: 0 })).toBe('{"aps":{"badge":0}}');
  expect(bytes({ badge: 12 })).toBe('{"aps":{"badge":12}}');
  expect(request({ badge: 12 }).headers['apns-push-type']).toBe('alert');
});

test('promise 2: with an alert, the badge omitted, 0 and N are three different payloads', () => {
  const alert = { title: 'Ada', text: 'Hi' };
  expect(bytes({ alert })).toBe('{"aps":{"alert":{"title":"Ada","body":"Hi"}}}');
  expect(bytes({ alert, badge: 0 })).toBe('{"aps":{"alert":{"title":"Ada","body":"Hi"},"badge":0}}');
  expect(bytes({ alert, badge: 3 })).toBe('{"aps":{"alert":{"title":"Ada","body":"Hi"},"badge":3}}');
});

test('a request names the device, the app, when it expires, and what it replaces', () => {
  const { path, headers } = request({ badge: 1, collapseId: 'badge', expiresAtMs: nowMs + 90_000 });
  expect(path).toBe('/3/device/ab01');
  expect(headers).toEqual({
    'apns-topic': 'com.example.chat',
    'apns-push-type': 'alert',
    'apns-priority': '10',
    'apns-expiration': String(nowMs / 1000 + 90),
    'apns-collapse-id': 'badge',
  });
  expect(request({ badge: 1, urgency: 'low' }).headers['apns-priority']).toBe('5');
});

test('a collapse id that APNs would refuse becomes a digest, the same for the same id', () => {
  const id = (collapseId: string) => request({ badge: 1, collapseId }).headers['apns-collapse-id'] ?? '';
  expect(Buffer.byteLength(id('é'.repeat(40)))).toBeLessThanOrEqual(64);
  expect(id('é'.repeat(40))).toBe(id('é'.repeat(40)));
  expect(id('é'.repeat(40))).not.toBe(id('é'.repeat(41)));
});

test('every part of a notification has its place', () => {
  const alert: Alert = {
    title: 'T',
    text: 'B',
    sound: 'chime.aiff',
    category: 'REPLY',
    'title-loc-key': 'TK',
    'title-loc-args': ['a'],
    'loc-key': 'LK',
    'loc-args': ['b', 'c'],
    apns: { 'thread-id': 'room', 'mutable-content': 1 },
    data: { room: { id: 5 } },
  };
  expect(JSON.parse(bytes({ alert, badge: 2 }))).toEqual({
    room: { id: 5 },
    aps: {
      'thread-id': 'room',
      'mutable-content': 1,
      alert: {
        title: 'T',
        body: 'B',
        'title-loc-key': 'TK',
        'title-loc-args': ['a'],
        'loc-key': 'LK',
        'loc-args': ['b', 'c'],
      },
      sound: 'chime.aiff',
      category: 'REPLY',
      badge: 2,
    },
  });
});

test('nothing that an app passes through replaces the badge, or sets one where there is none', () => {
  const alert = { text: 'Hi', apns: { badge: 99 }, data: { aps: { badge: 98 } } };
  expect(bytes({ alert })).toBe('{"aps":{"alert":{"body":"Hi"}}}');
  expect(bytes({ alert, badge: 0 })).toBe('{"aps":{"alert":{"body":"Hi"},"badge":0}}');
});

test('a text that is too long fills the limit, cut between code points, with the badge whole', () => {
  const body = bytes({ alert: { title: 'Ada', text: '👩‍🚀'.repeat(1000) }, badge: 1234 });
  const { alert, badge } = JSON.parse(body).aps;
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(payloadLimitBytes);
  // The next code point would have been one of four bytes at most.
  expect(Buffer.byteLength(body)).toBeGreaterThan(payloadLimitBytes - 8);
  expect(badge).toBe(1234);
  expect(alert.title).toBe('Ada');
  expect(alert.body).toMatch(/…$/);
  expect(alert.body.isWellFormed?.() ?? !/[\ud800-\udfff](?![\udc00-\udfff])/u.test(alert.body)).toBe(true);
});

test('texts inside arguments are cut as well', () => {
  const body = bytes({ alert: { 'loc-key': 'MESSAGE', 'loc-args': ['Ada', 'x'.repeat(5000)] }, badge: 1 });
  expect(Buffer.byteLength(body)).toBe(payloadLimitBytes);
  expect(JSON.parse(body).aps.alert['loc-args'][0]).toBe('Ada');
});

test('a bundle id that is none is rejected before it becomes a header', () => {
  const forged = { ...target, bundleId: 'com.example\r\nx: y' };
  expect(apnsRequest({ target: forged, badge: 1 }, nowMs)).toHaveProperty('refused.kind', 'rejected');
});
