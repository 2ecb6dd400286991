/** The phone page's service worker: shows pushes, sets the badge, and opens the page on a click. */
import { handleBadgedPush, type WorkerScope } from '@badged/client/worker';

if (isWorker(self)) {
  const icon = '/phone/icon-192.png';
  handleBadgedPush(self, { fallbackTitle: 'badged', notification: { icon } });
}

/** TypeScript types the global scope as a page's. */
function isWorker(scope: object): scope is WorkerScope {
  return 'registration' in scope && 'clients' in scope;
}
