/** The local APNs and FCM, for a server in another process. */
import { ApnsService, FcmService, generateApnsKey, type Script } from '@badged/dev-push';

export interface Providers {
  readonly apns: ApnsService;
  readonly sandbox: ApnsService;
  readonly fcm: FcmService;
  readonly apnsKey: ReturnType<typeof generateApnsKey>['key'];
  readonly scripts: readonly Script[];
  /** What the icon of the device shows, wherever its provider is. */
  badge(token: string): number | undefined;
  close(): Promise<void>;
}

/** `now` is their time of day, by which they judge the age of tokens. */
export async function startProviders(now: () => number = Date.now): Promise<Providers> {
  const { key, trust } = generateApnsKey();
  const [apns, sandbox, fcm] = await Promise.all([
    ApnsService.listen({ trust, now }),
    ApnsService.listen({ trust, now }),
    FcmService.listen({ now }),
  ]);
  return {
    apns,
    sandbox,
    fcm,
    apnsKey: key,
    scripts: [apns.script, fcm.script],
    badge: (token) => apns.accepted.badge(token) ?? fcm.accepted.badge(token),
    async close() {
      await Promise.all([apns.close(), sandbox.close(), fcm.close()]);
    },
  };
}
