/**
 * What every documented response of every provider means. The tables here are written from the providers' pages,
 * not from the code: Apple, Handling notification responses from APNs; Firebase, ErrorCode; RFC 8030, RFC 8292.
 */
import { describe, expect, test } from 'vitest';
import { meanings as apnsMeanings, classifyApns } from '../../../src/push/transport/apns/responses.js';
import { classifyGrant } from '../../../src/push/transport/fcm/access_token.js';
import { classifyFcm, meanings as fcmMeanings } from '../../../src/push/transport/fcm/responses.js';
import type { ProviderResponse } from '../../../src/push/transport/port.js';
import type { Verdict } from '../../../src/push/transport/verdict.js';
import {
  classifyWebPush,
  meanings as webPushMeanings,
} from '../../../src/push/transport/webpush/responses.js';

type Kind = Verdict['kind'];
const receivedAtMs = Date.UTC(2026, 0, 1);

function response(
  status: number,
  body: unknown = '',
  headers: ProviderResponse['headers'] = {},
): ProviderResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), receivedAtMs };
}

describe('APNs', () => {
  const table: [number, string, Kind][] = [
    [400, 'BadCollapseId', 'rejected'],
    [400, 'BadDeviceToken', 'gone'],
    [400, 'BadExpirationDate', 'rejected'],
    [400, 'BadMessageId', 'rejected'],
    [400, 'BadPriority', 'rejected'],
    [400, 'BadTopic', 'misconfigured'],
    [400, 'DeviceTokenNotForTopic', 'misconfigured'],
    [400, 'DuplicateHeaders', 'rejected'],
    [400, 'IdleTimeout', 'retry'],
    [400, 'InvalidPushType', 'rejected'],
    [400, 'MissingDeviceToken', 'rejected'],
    [400, 'MissingTopic', 'misconfigured'],
    [400, 'PayloadEmpty', 'rejected'],
    [400, 'TopicDisallowed', 'misconfigured'],
    [403, 'BadCertificate', 'misconfigured'],
    [403, 'BadCertificateEnvironment', 'misconfigured'],
    [403, 'BadEnvironmentKeyIdInToken', 'misconfigured'],
    [403, 'ExpiredProviderToken', 'misconfigured'],
    [403, 'Forbidden', 'misconfigured'],
    [403, 'InvalidProviderToken', 'misconfigured'],
    [403, 'MissingProviderToken', 'misconfigured'],
    [403, 'UnrelatedKeyIdInToken', 'misconfigured'],
    [404, 'BadPath', 'rejected'],
    [405, 'MethodNotAllowed', 'rejected'],
    [410, 'ExpiredToken', 'gone'],
    [410, 'Unregistered', 'gone'],
    [413, 'PayloadTooLarge', 'rejected'],
    [429, 'TooManyProviderTokenUpdates', 'retry'],
    [429, 'TooManyRequests', 'retry'],
    [500, 'InternalServerError', 'retry'],
    [503, 'ServiceUnavailable', 'retry'],
    [503, 'Shutdown', 'retry'],
  ];
  test.each(table)('%i %s is %s', (status, reason, kind) => {
    expect(classifyApns(response(status, { reason }))).toMatchObject({ kind, reason });
  });

  test('the table covers every reason that is known', () => {
    expect(table.map(([, reason]) => reason).sort()).toEqual(Object.keys(apnsMeanings).sort());
  });

  test('200 is delivered', () => expect(classifyApns(response(200))).toEqual({ kind: 'delivered' }));

  test('410 says since when, in milliseconds', () => {
    const body = { reason: 'Unregistered', timestamp: 1_767_000_000_123 };
    expect(classifyApns(response(410, body))).toEqual({
      kind: 'gone',
      reason: 'Unregistered',
      sinceMs: 1_767_000_000_123,
    });
  });

  test.each<[number, Kind]>([
    [400, 'rejected'],
    [403, 'misconfigured'],
    [410, 'gone'],
    [429, 'retry'],
    [500, 'retry'],
    [599, 'retry'],
    [302, 'retry'],
  ])('%i with an unknown reason is %s', (status, kind) => {
    for (const reason of ['BrandNew', 'constructor', '__proto__']) {
      expect(classifyApns(response(status, { reason })).kind).toBe(kind);
    }
    expect(classifyApns(response(status, 'not JSON')).kind).toBe(kind);
  });
});

describe('FCM', () => {
  const error = (status: number, errorCode: string | undefined, message = '', more: object[] = []) =>
    response(status, { error: { code: status, message, status: 'X', details: [{ errorCode }, ...more] } });

  const table: [number, string, Kind][] = [
    [400, 'INVALID_ARGUMENT', 'rejected'],
    [404, 'UNREGISTERED', 'gone'],
    [403, 'SENDER_ID_MISMATCH', 'misconfigured'],
    [401, 'THIRD_PARTY_AUTH_ERROR', 'misconfigured'],
    [429, 'QUOTA_EXCEEDED', 'retry'],
    [503, 'UNAVAILABLE', 'retry'],
    [500, 'INTERNAL', 'retry'],
    [500, 'UNSPECIFIED_ERROR', 'retry'],
  ];
  test.each(table)('%i %s is %s', (status, code, kind) => {
    expect(classifyFcm(error(status, code))).toMatchObject({ kind, reason: code });
  });

  test('the table covers every code that is known', () => {
    expect(table.map(([, code]) => code).sort()).toEqual(Object.keys(fcmMeanings).sort());
  });

  test('200 is delivered', () =>
    expect(classifyFcm(response(200, { name: 'x' }))).toEqual({ kind: 'delivered' }));

  test('INVALID_ARGUMENT drops the device only if the detail names the token', () => {
    const violation = (field: string) => [{ fieldViolations: [{ field, description: 'bad' }] }];
    expect(classifyFcm(error(400, 'INVALID_ARGUMENT', '', violation('message.token'))).kind).toBe('gone');
    expect(classifyFcm(error(400, 'INVALID_ARGUMENT', '', violation('message.data[0]'))).kind).toBe(
      'rejected',
    );
    const sentence = 'The registration token is not a valid FCM registration token';
    expect(classifyFcm(error(400, 'INVALID_ARGUMENT', sentence)).kind).toBe('gone');
    expect(classifyFcm(error(400, 'INVALID_ARGUMENT', sentence, violation('message.android.ttl'))).kind).toBe(
      'rejected',
    );
  });

  test('without a code of its own, 401, 403 and 404 are about our project, and drop no device', () => {
    for (const status of [401, 403, 404])
      expect(classifyFcm(error(status, undefined)).kind).toBe('misconfigured');
    expect(classifyFcm(response(404, '<html>')).kind).toBe('misconfigured');
    expect(classifyFcm(response(413)).kind).toBe('rejected');
  });

  test('Retry-After is honoured; a quota without one is a minute', () => {
    const overloaded = { error: { details: [{ errorCode: 'UNAVAILABLE' }] } };
    expect(classifyFcm(response(503, overloaded, { 'retry-after': '7' }))).toMatchObject({ afterMs: 7000 });
    expect(classifyFcm(response(503, overloaded))).not.toHaveProperty('afterMs');
    expect(classifyFcm(response(429))).toMatchObject({ kind: 'retry', afterMs: 60_000 });
    expect(classifyFcm(response(429, '', { 'retry-after': '90' }))).toMatchObject({ afterMs: 90_000 });
  });

  test.each<[number, string, Kind]>([
    [400, 'invalid_grant', 'misconfigured'],
    [401, 'invalid_client', 'misconfigured'],
    [403, 'access_denied', 'misconfigured'],
    [429, 'rate_limited', 'retry'],
    [503, 'temporarily_unavailable', 'retry'],
  ])('the token endpoint: %i %s is %s', (status, error, kind) => {
    expect(classifyGrant(response(status, { error })).kind).toBe(kind);
  });
});

describe('Web Push', () => {
  const table: [number, Kind][] = [
    [200, 'delivered'],
    [201, 'delivered'],
    [202, 'delivered'],
    [204, 'delivered'],
    [401, 'misconfigured'],
    [403, 'misconfigured'],
    [404, 'gone'],
    [408, 'retry'],
    [410, 'gone'],
    [413, 'rejected'],
    [425, 'retry'],
    [429, 'retry'],
  ];
  test.each(table)('%i is %s', (status, kind) => expect(classifyWebPush(response(status)).kind).toBe(kind));

  test('the table covers every status that is known', () => {
    expect(table.map(([status]) => String(status)).sort()).toEqual(Object.keys(webPushMeanings).sort());
  });

  test.each<[number, Kind]>([
    [301, 'rejected'],
    [307, 'rejected'],
    [400, 'rejected'],
    [415, 'rejected'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
  ])('%i, which no table names, is %s', (status, kind) =>
    expect(classifyWebPush(response(status)).kind).toBe(kind),
  );

  test('Retry-After is seconds or a date; what is neither is ignored', () => {
    const after = (value: string) => classifyWebPush(response(429, '', { 'retry-after': value }));
    expect(after('120')).toMatchObject({ afterMs: 120_000 });
    expect(after('Thu, 01 Jan 2026 00:00:05 GMT')).toMatchObject({ afterMs: 5000 });
    expect(after('Wed, 31 Dec 2025 23:00:00 GMT')).toMatchObject({ afterMs: 0 });
    for (const nonsense of ['soon', '-5', '', '1.5e3']) {
      expect(after(nonsense)).not.toHaveProperty('afterMs');
    }
  });
});
