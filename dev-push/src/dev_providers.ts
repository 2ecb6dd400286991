/** All local push services, with the keys that a server needs to push to them. */
import { createECDH } from 'node:crypto';
import { type ApnsSigningKey, generateApnsKey } from './apns_provider_tokens.js';
import { ApnsService } from './apns_service.js';
import { FcmService } from './fcm_service.js';
import { WebPushService } from './web_push_service.js';

export interface DevVapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

interface Services {
  readonly apns: ApnsService;
  readonly apnsSandbox: ApnsService;
  readonly apnsKey: ApnsSigningKey;
  readonly fcm: FcmService;
  readonly webPush: WebPushService;
  readonly vapidKeys: DevVapidKeys;
}

export class DevProviders implements Services {
  readonly apns: ApnsService;
  readonly apnsSandbox: ApnsService;
  readonly apnsKey: ApnsSigningKey;
  readonly fcm: FcmService;
  readonly webPush: WebPushService;
  readonly vapidKeys: DevVapidKeys;

  private constructor({ apns, apnsSandbox, apnsKey, fcm, webPush, vapidKeys }: Services) {
    this.apns = apns;
    this.apnsSandbox = apnsSandbox;
    this.apnsKey = apnsKey;
    this.fcm = fcm;
    this.webPush = webPush;
    this.vapidKeys = vapidKeys;
  }

  /** Listens on this port and the three after it; 0 picks free ports. */
  static async listen(firstPort = 0): Promise<DevProviders> {
    const port = (index: number) => (firstPort === 0 ? {} : { port: firstPort + index });
    const { key: apnsKey, trust } = generateApnsKey();
    return new DevProviders({
      apnsKey,
      apns: await ApnsService.listen({ trust, ...port(0) }),
      apnsSandbox: await ApnsService.listen({ trust, ...port(1) }),
      fcm: await FcmService.listen(port(2)),
      webPush: await WebPushService.listen(port(3)),
      vapidKeys: newVapidKeys(),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.apns, this.apnsSandbox, this.fcm, this.webPush].map((each) => each.close()));
  }
}

function newVapidKeys(): DevVapidKeys {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  // A scalar may be shorter than its field; keys are written at full width.
  const privateKey = Buffer.from(pair.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url');
  return { publicKey: pair.getPublicKey('base64url'), privateKey };
}
