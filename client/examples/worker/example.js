import { session } from '../backend.js';
import { subscribeToPush, unsubscribeFromPush } from '../dist/worker/badged_worker.mjs';

const element = (id) => document.getElementById(id);
const { token, vapid_public_key: vapidPublicKey } = await session();

navigator.serviceWorker.register('worker.js');
const registration = await navigator.serviceWorker.ready;
element('worker').textContent = 'ready';

// The browser's own error would only say that the key is invalid.
if (vapidPublicKey === '') {
  element('subscribe').disabled = true;
  element('pushes').textContent = 'need the key of the app, which serve.mjs takes as --vapid-public-key';
}

async function callService(method, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`/badged${path}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
}

async function report(what, done) {
  element('pushes').textContent = await what.then(
    () => done,
    (error) => `${error.message}`,
  );
}

element('subscribe').onclick = () => {
  const register = (device) => callService('POST', '/push_tokens', device);
  return report(subscribeToPush({ registration, vapidPublicKey, register }), 'will come');
};
element('unsubscribe').onclick = () => {
  const unregister = (id) => callService('DELETE', `/push_tokens/${encodeURIComponent(id)}`);
  return report(unsubscribeFromPush({ registration, unregister }), 'will not come');
};
