/** Every transport against the one suite. */
import { randomBytes } from 'node:crypto';
import { type LogRequest, LogTransport } from '../../../src/push/transport/log/log_transport.js';
import type { FcmTarget, WebPushTarget } from '../../../src/push/transport/port.js';
import { apnsRig, fcmRig, webPushRig } from './rigs.js';
import { type Rig, transportConformance } from './transport_conformance.js';

transportConformance('APNs', apnsRig);
transportConformance('FCM', fcmRig);
transportConformance('Web Push', webPushRig);
transportConformance('log (for FCM)', () =>
  logRig('fcm', (token): FcmTarget => ({ platform: 'fcm', token })),
);
transportConformance('log (for Web Push)', () =>
  logRig('webpush', (token): WebPushTarget => {
    const endpoint = `https://${token}.push.services.mozilla.com/`;
    return { platform: 'webpush', endpoint, keys: { p256dh: '', auth: '' } };
  }),
);

/** The log is the device, which is recognised by the few characters of it that are written. */
async function logRig<A extends FcmTarget | WebPushTarget>(
  platform: A['platform'],
  device: (token: string) => A,
): Promise<Rig<A, LogRequest>> {
  const written: LogRequest[] = [];
  const transport = new LogTransport<A>(platform, (request) => written.push(request));
  const of = (target: A) => {
    const prepared = transport.request({ target, alert: {} });
    return written.filter((line) => 'request' in prepared && line.device === prepared.request.device);
  };
  return {
    transport,
    newDevice: () => device(randomBytes(32).toString('hex')),
    badge: (target) => of(target).findLast(({ badge }) => badge !== undefined)?.badge,
    accepted: (target) => of(target).map((line) => JSON.stringify(line)),
    provider: undefined,
    close: () => transport.close(),
  };
}
