/** Local APNs, FCM and Web Push services with the checks of the real ones, for development and tests. */
export type { Accepted, AcceptedPushes } from './accepted.js';
export { generateApnsKey } from './apns_provider_tokens.js';
export { ApnsService } from './apns_service.js';
export { DevProviders } from './dev_providers.js';
export { FcmService } from './fcm_service.js';
export type { Act, Reply, Script } from './script.js';
export { type BucketLimit, fcmCollapsibleLimit, fcmDeviceLimit } from './throttle.js';
export { decrypt, newReceiver } from './web_push_decryption.js';
export { WebPushService } from './web_push_service.js';
