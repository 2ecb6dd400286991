/** The calls of the pages to the backend that serve.mjs plays. */

async function post(path, body) {
  const headers = { 'x-requested-with': 'example', 'content-type': 'application/json' };
  const response = await fetch(`/backend/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

/** The session of the signed-in user: { app, user, token, vapid_public_key }. */
export const session = () => post('session', {});

/** Sets the user's external count. In an application, messages change the badge. */
export const setCount = (count) => post('count', { count });
