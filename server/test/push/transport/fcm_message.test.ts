/** FCM messages, byte by byte. Source: Firebase, REST: projects.messages. */
import { expect, test } from 'vitest';
import { fcmRequest } from '../../../src/push/transport/fcm/message.js';
import type { Delivery, FcmTarget } from '../../../src/push/transport/port.js';

const nowMs = Date.UTC(2026, 0, 1);
const target: FcmTarget = { platform: 'fcm', token: 't' };

function bytes(delivery: Omit<Delivery<FcmTarget>, 'target'>): string {
  const prepared = fcmRequest({ expiresAtMs: nowMs + 3_600_000, ...delivery, target }, nowMs);
  if ('refused' in prepared) throw new Error(JSON.stringify(prepared.refused));
  return prepared.request.body;
}

const message = (delivery: Omit<Delivery<FcmTarget>, 'target'>) => JSON.parse(bytes(delivery)).message;

test('promise 2: badge-only is a data message with the badge as a string; 0 and N differ', () => {
  const of = (badge: number) =>
    `{"message":{"token":"t","data":{"badge":"${badge}"},"android":{"priority":"NORMAL","ttl":"3600s"},` +
    `"apns":{"payload":{"aps":{"badge":${badge}}}}}}`;
  expect(bytes({ badge: 0 })).toBe(of(0));
  expect(bytes({ badge: 12 })).toBe(of(12));
});

test('promise 2: with an alert, the badge omitted, 0 and N are three different messages', () => {
  const alert = { title: 'Ada', text: 'Hi' };
  const start = '{"message":{"token":"t","notification":{"title":"Ada","body":"Hi"},';
  const android = '"android":{"priority":"HIGH","ttl":"3600s","notification":';
  expect(bytes({ alert })).toBe(`${start}${android}{}}}}`);
  expect(bytes({ alert, badge: 0 })).toBe(
    `${start}"data":{"badge":"0"},${android}{}},"apns":{"payload":{"aps":{"badge":0}}}}}`,
  );
  expect(bytes({ alert, badge: 3 })).toBe(
    `${start}"data":{"badge":"3"},${android}{"notification_count":3}},"apns":{"payload":{"aps":{"badge":3}}}}}`,
  );
});

test('an alert without words is a data message: Android would put up an empty notification', () => {
  const { notification, android, data } = message({ alert: { data: { a: '1' } }, badge: 3, collapseId: 'c' });
  expect({ notification, android, data }).toEqual({
    notification: undefined,
    android: { collapse_key: 'c', priority: 'NORMAL', ttl: '3600s' },
    data: { a: '1', badge: '3' },
  });
});

test('data is strings only, and cannot name the badge', () => {
  const data = { room: 'r', n: 5, deep: { a: [1] }, badge: '99' };
  expect(message({ alert: { text: 'Hi', data }, badge: 2 }).data).toEqual({
    room: 'r',
    n: '5',
    deep: '{"a":[1]}',
    badge: '2',
  });
  expect(message({ alert: { text: 'Hi', data } }).data).not.toHaveProperty('badge');
});

test('a badge-only message has a collapse key, an alert a tag: FCM keeps four collapse keys per device', () => {
  expect(message({ badge: 1, collapseId: 'badge' }).android).toMatchObject({ collapse_key: 'badge' });
  const { android } = message({ badge: 1, alert: { text: 'Hi' }, collapseId: 'room' });
  expect(android).not.toHaveProperty('collapse_key');
  expect(android.notification.tag).toBe('room');
});

test('the lifetime is at most the four weeks that FCM accepts, and never negative', () => {
  const ttl = (expiresAtMs: number) => message({ badge: 1, expiresAtMs }).android.ttl;
  expect(ttl(nowMs + 1500)).toBe('1s');
  expect(ttl(nowMs - 1)).toBe('0s');
  expect(ttl(nowMs + 1e12)).toBe('2419200s');
});

test('keys and arguments for texts in the app have their place', () => {
  const alert = {
    'title-loc-key': 'TK',
    'title-loc-args': ['a'],
    'loc-key': 'LK',
    'loc-args': ['b'],
    sound: 'chime',
    category: 'REPLY',
  };
  expect(message({ alert }).android.notification).toEqual({
    title_loc_key: 'TK',
    title_loc_args: ['a'],
    body_loc_key: 'LK',
    body_loc_args: ['b'],
    sound: 'chime',
    click_action: 'REPLY',
  });
});
