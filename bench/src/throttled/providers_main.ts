/**
 * The process of an APNs and an FCM that throttle each device, if they are to: 20 pushes at once, then one in three minutes;
 * more are refused with 429. It reports when each number was accepted.
 */
import { ApnsService, type BucketLimit, FcmService, generateApnsKey } from '@badged/dev-push';
import { answer, input, numberIn } from '../measure/child.js';

const burst = numberIn(await input(), 'burst');
const deviceLimit: BucketLimit = { burst, refillMs: 180_000 };
const { key, trust } = generateApnsKey();
const apns = await ApnsService.listen({ trust, deviceLimit });
const fcm = await FcmService.listen({ deviceLimit });
for (const { accepted } of [apns, fcm]) {
  accepted.onAccepted = (device, { badge, atMs }) => void answer({ device, badge: badge ?? -1, atMs });
}
const { type: _, ...account } = fcm.serviceAccount;
await answer({
  apnsOrigin: apns.origin,
  apnsKey: JSON.stringify({ key_id: key.keyId, team_id: key.teamId, private_key: key.privateKey }),
  fcmOrigin: fcm.origin,
  fcmTokenUrl: fcm.tokenUrl,
  fcmAccount: JSON.stringify(account),
});
