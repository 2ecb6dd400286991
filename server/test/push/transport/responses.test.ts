/**
 * What every documented response of every provider means. The tables here are written from the providers' pages,
 * not from the code: Apple, Handling notification responses from APNs; Firebase, ErrorCode; RFC 8030, RFC 8292. Where
 * a push is tried again, the last column says whose trouble it is: only that of all devices may stop the others.
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
type About = 'device' | 'credentials' | 'provider' | undefined;

/** What the verdict is about; undefined where it ends the push. */
function aboutOf(verdict: Verdict): About {
  return verdict.kind === 'retry' || verdict.kind === 'misconfigured' ? verdict.about : undefined;
}

const receivedAtMs = Date.UTC(2026, 0, 1);

function response(
  status: number,
  body: unknown = '',
  headers: ProviderResponse['headers'] = {},
): ProviderResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), receivedAtMs };
}

describe('APNs', () => {
  const table: [number, string, Kind, About?][] = [
    [400, 'BadCollapseId', 'rejected'],
    [400, 'BadDeviceToken', 'gone'],
    [400, 'BadExpirationDate', 'rejected'],
    [400, 'BadMessageId', 'rejected'],
    [400, 'BadPriority', 'rejected'],
    [400, 'BadTopic', 'misconfigured', 'device'],
    [400, 'DeviceTokenNotForTopic', 'misconfigured', 'device'],
    [400, 'DuplicateHeaders', 'rejected'],
    [400, 'IdleTimeout', 'retry', 'provider'],
    [400, 'InvalidPushType', 'rejected'],
    [400, 'MissingDeviceToken', 'rejected'],
    [400, 'MissingTopic', 'misconfigured', 'credentials'],
    [400, 'PayloadEmpty', 'rejected'],
    [400, 'TopicDisallowed', 'misconfigured', 'device'],
    [403, 'BadCertificate', 'misconfigured', 'credentials'],
    [403, 'BadCertificateEnvironment', 'misconfigured', 'credentials'],
    [403, 'BadEnvironmentKeyIdInToken', 'misconfigured', 'credentials'],
    [403, 'ExpiredProviderToken', 'misconfigured', 'credentials'],
    [403, 'Forbidden', 'misconfigured', 'credentials'],
    [403, 'InvalidProviderToken', 'misconfigured', 'credentials'],
    [403, 'MissingProviderToken', 'misconfigured', 'credentials'],
    [403, 'UnrelatedKeyIdInToken', 'misconfigured', 'credentials'],
    [404, 'BadPath', 'rejected'],
    [405, 'MethodNotAllowed', 'rejected'],
    [410, 'ExpiredToken', 'gone'],
    [410, 'Unregistered', 'gone'],
    [413, 'PayloadTooLarge', 'rejected'],
    [429, 'TooManyProviderTokenUpdates', 'retry', 'credentials'],
    [429, 'TooManyRequests', 'retry', 'device'],
    [500, 'InternalServerError', 'retry', 'provider'],
    [503, 'ServiceUnavailable', 'retry', 'provider'],
    [503, 'Shutdown', 'retry', 'provider'],
  ];
  test.each(table)('%i %s is %s', (status, reason, kind, about) => {
    const verdict = classifyApns(response(status, { reason }));
    expect(verdict).toMatchObject({ kind, reason });
    expect(aboutOf(verdict)).toBe(about);
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

  test.each<[number, Kind, About?]>([
    [400, 'rejected'],
    [403, 'misconfigured', 'credentials'],
    [410, 'gone'],
    [429, 'retry', 'device'],
    [500, 'retry', 'provider'],
    [599, 'retry', 'provider'],
    [302, 'retry', 'provider'],
  ])('%i with an unknown reason is %s', (status, kind, about) => {
    for (const reason of ['BrandNew', 'constructor', '__proto__']) {
      expect(classifyApns(response(status, { reason })).kind).toBe(kind);
    }
    const verdict = classifyApns(response(status, 'not JSON'));
    expect([verdict.kind, aboutOf(verdict)]).toEqual([kind, about]);
  });
});

describe('FCM', () => {
  const error = (status: number, errorCode: string | undefined, message = '', more: object[] = []) =>
    response(status, { error: { code: status, message, status: 'X', details: [{ errorCode }, ...more] } });

  const table: [number, string, Kind, About?][] = [
    [400, 'INVALID_ARGUMENT', 'rejected'],
    [404, 'UNREGISTERED', 'gone'],
    [403, 'SENDER_ID_MISMATCH', 'misconfigured', 'device'],
    [401, 'THIRD_PARTY_AUTH_ERROR', 'misconfigured', 'credentials'],
    [429, 'QUOTA_EXCEEDED', 'retry', 'device'],
    [503, 'UNAVAILABLE', 'retry', 'provider'],
    [500, 'INTERNAL', 'retry', 'provider'],
    [500, 'UNSPECIFIED_ERROR', 'retry', 'provider'],
  ];
  test.each(table)('%i %s is %s', (status, code, kind, about) => {
    const verdict = classifyFcm(error(status, code));
    expect(verdict).toMatchObject({ kind, reason: code });
    expect(aboutOf(verdict)).toBe(about);
  });

  test('an exceeded quota is about the device, unless the details or the message name the project', () => {
    const violations = (subject: string, description: string) => [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ subject, description }] },
    ];
    const quota = (message: string, details: object[] = []) =>
      aboutOf(classifyFcm(error(429, 'QUOTA_EXCEEDED', message, details)));
    expect(quota('', violations('device', 'Device message rate exceeded'))).toBe('device');
    expect(quota('', violations('project:123', 'Device message rate exceeded'))).toBe('device');
    expect(quota('', violations('project:123', 'Message rate exceeded'))).toBe('provider');
    const message = "Quota exceeded for quota metric 'Send requests' for consumer 'project_number:1'.";
    expect(quota(message)).toBe('provider');
    expect(quota('Resource has been exhausted (e.g. check quota).')).toBe('device');
    // Google's front end counts the project's requests, and knows no FCM code.
    const reason = [{ reason: 'RATE_LIMIT_EXCEEDED', metadata: { quota_limit: 'SendsPerMinutePerProject' } }];
    expect(aboutOf(classifyFcm(error(429, undefined, message, reason)))).toBe('provider');
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
    const ours = { kind: 'misconfigured', about: 'credentials' };
    for (const status of [401, 403, 404]) expect(classifyFcm(error(status, undefined))).toMatchObject(ours);
    expect(classifyFcm(response(404, '<html>'))).toMatchObject(ours);
    expect(classifyFcm(response(413)).kind).toBe('rejected');
  });

  test('Retry-After is honoured; a quota without one is a minute', () => {
    const overloaded = { error: { details: [{ errorCode: 'UNAVAILABLE' }] } };
    expect(classifyFcm(response(503, overloaded, { 'retry-after': '7' }))).toMatchObject({ afterMs: 7000 });
    expect(classifyFcm(response(503, overloaded))).not.toHaveProperty('afterMs');
    expect(classifyFcm(response(429))).toMatchObject({ kind: 'retry', afterMs: 60_000 });
    expect(classifyFcm(response(429, '', { 'retry-after': '90' }))).toMatchObject({ afterMs: 90_000 });
  });

  test.each<[number, string, Kind, About]>([
    [400, 'invalid_grant', 'misconfigured', 'credentials'],
    [401, 'invalid_client', 'misconfigured', 'credentials'],
    [403, 'access_denied', 'misconfigured', 'credentials'],
    [429, 'rate_limited', 'retry', 'provider'],
    [503, 'temporarily_unavailable', 'retry', 'provider'],
  ])('the token endpoint: %i %s is %s', (status, error, kind, about) => {
    expect(classifyGrant(response(status, { error }))).toMatchObject({ kind, about });
  });
});

describe('Web Push', () => {
  const table: [number, Kind, About?][] = [
    [200, 'delivered'],
    [201, 'delivered'],
    [202, 'delivered'],
    [204, 'delivered'],
    [401, 'misconfigured', 'credentials'],
    [403, 'misconfigured', 'credentials'],
    [404, 'gone'],
    [408, 'retry', 'provider'],
    [410, 'gone'],
    [413, 'rejected'],
    [425, 'retry', 'provider'],
    [429, 'retry', 'device'],
  ];
  test.each(table)('%i is %s', (status, kind, about) => {
    const verdict = classifyWebPush(response(status));
    expect([verdict.kind, aboutOf(verdict)]).toEqual([kind, about]);
  });

  test.each([
    ['Apple', '{"reason":"VapidPkHashMismatch"}'],
    [
      'Google',
      'the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.',
    ],
    ['Mozilla', '{"code":401,"errno":109,"message":"VAPID public key mismatch"}'],
  ])('a subscription to another key, as %s says it, is about the device alone', (_service, body) => {
    expect(classifyWebPush(response(403, body))).toMatchObject({ kind: 'misconfigured', about: 'device' });
  });

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
    // By the provider's own clock, which is two hours ahead of ours here.
    const headers = { date: 'Thu, 01 Jan 2026 02:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 02:00:05 GMT' };
    expect(classifyWebPush(response(429, '', headers))).toMatchObject({ afterMs: 5000 });
    for (const nonsense of ['soon', '-5', '', '1.5e3']) {
      expect(after(nonsense)).not.toHaveProperty('afterMs');
    }
  });
});
