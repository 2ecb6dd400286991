/** The phone page's service worker: it shows each push, sets the number on the icon, and opens the page on a click. */
import { handleBadgedPush, type WorkerScope } from '@badged/client/worker';

if (isWorker(self)) {
  const icon = '/phone/icon-192.png';
  handleBadgedPush(self, { fallbackTitle: 'badged', notification: { icon } });
}

/** The compiler knows the global scope as a page's. */
function isWorker(scope: object): scope is WorkerScope {
  return 'registration' in scope && 'clients' in scope;
}
