/** Web Push: handleBadgedPush for the service worker, the others for pages. Importing this has no effect by itself. */
export { handleBadgedPush, type PushHandlerOptions } from './push_handler.js';
export type { PushToken } from './push_token.js';
export type { WorkerScope } from './scope.js';
export {
  type SubscribeOptions,
  subscribeToPush,
  type UnsubscribeOptions,
  unsubscribeFromPush,
} from './subscribe.js';
