// A classic script, since not every browser runs modules as service workers. As a module it would start with:
// import { handleBadgedPush } from '../dist/worker/badged_worker.mjs';
importScripts('../dist/worker/badged_worker.js');

badgedWorker.handleBadgedPush(self, {
  fallbackTitle: 'Something is new',
  notification: { icon: '../badge/icon.svg' },
  register: async (token) => {
    const headers = { 'x-requested-with': 'example' };
    const { token: userToken } = await (await fetch('/backend/session', { method: 'POST', headers })).json();
    return fetch('/badged/push_tokens', {
      method: 'POST',
      headers: { authorization: `Bearer ${userToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(token),
    });
  },
});
