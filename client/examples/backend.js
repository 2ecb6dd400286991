// What the pages ask of the backend that serve.mjs plays.

async function post(path, body) {
  const headers = { 'x-requested-with': 'example', 'content-type': 'application/json' };
  const response = await fetch(`/backend/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

/** Who is signed in: { app, user, token, vapid_public_key }. */
export const session = () => post('session', {});

/** Something happened that counts: in an application, a message was sent or read. */
export const setCount = (count) => post('count', { count });
