/**
 * Serves the examples on this machine, in front of a running badged server: node client/examples/serve.mjs --help.
 *
 * It plays what an application has anyway: pages, a reverse proxy that puts the service under the pages' own origin (at
 * /badged), and a backend that signs the user in and gives the page a user token. The app's token stays here.
 */
import { createReadStream } from 'node:fs';
import { createServer, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `usage: BADGED_TOKEN=… node client/examples/serve.mjs --app APP [--url http://127.0.0.1:8080] [--user bob]
       [--port 8090] [--vapid-public-key KEY] [--dist client/dist]

BADGED_TOKEN is a token of the app. The key is needed only to subscribe to pushes.`;

const examples = fileURLToPath(new URL('.', import.meta.url));
const flags = {
  app: { type: 'string' },
  url: { type: 'string', default: 'http://127.0.0.1:8080' },
  user: { type: 'string', default: 'bob' },
  port: { type: 'string', default: '8090' },
  'vapid-public-key': { type: 'string', default: '' },
  dist: { type: 'string', default: join(examples, '../dist') },
  help: { type: 'boolean', default: false },
};
const mediaTypes = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};
/** As strict as possible. The badge needs data: images, for the drawn icon. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
/** Not for a page that registers a service worker: its URL would have to be a TrustedScriptURL. */
const trustedTypes = "; require-trusted-types-for 'script'; trusted-types 'none'";

async function respond(backend, request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  // Only pages that were served from here may request a token, whatever other names resolve to this machine.
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '')) return end(response, 403);
  if (pathname.startsWith('/badged/')) return proxy(backend, request, response);
  if (pathname.startsWith('/backend/')) return actAsBackend(backend, pathname, request, response);
  // Each page has its own icon; browsers request this one for other responses.
  if (pathname === '/favicon.ico') return end(response, 204);
  if (pathname === '/') return end(response, 303, '', { location: '/badge/' });
  return sendFile(backend.dist, pathname, response);
}

/** A reverse proxy for a stream passes each chunk on at once, and closes one side when the other closes. */
function proxy({ url }, request, response) {
  const path = request.url.slice('/badged'.length);
  const { method, headers } = request;
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const passed = open(new URL(path, url), { method, headers: { ...headers, host: url.host } }, (upstream) => {
    response.writeHead(upstream.statusCode, upstream.headers);
    upstream.pipe(response);
  });
  passed.on('error', () => (response.headersSent ? response.destroy() : end(response, 502)));
  response.on('close', () => passed.destroy());
  request.pipe(passed);
}

/** The endpoints of an application's own backend. Here every page is signed in as the same user. */
async function actAsBackend(backend, pathname, request, response) {
  // A page of another origin cannot send this header without a preflight request, which is refused.
  if (request.method !== 'POST' || request.headers['x-requested-with'] !== 'example')
    return end(response, 403);
  const { app, user, vapidPublicKey } = backend;
  if (pathname === '/backend/session') {
    const { access_token } = await call(backend, 'POST', `${pathOfUser(backend)}/tokens`, {
      expires_in: 3600,
    });
    return endJson(response, { app, user, token: access_token, vapid_public_key: vapidPublicKey });
  }
  if (pathname === '/backend/count') {
    const { count } = JSON.parse(await text(request));
    await call(backend, 'PUT', `${pathOfUser(backend)}/badge`, { external_unread_count: count });
    return end(response, 204);
  }
  return end(response, 404);
}

async function call(backend, method, path, body) {
  const response = await send(backend, method, path, body);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

function send({ url, token }, method, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(10_000);
  return fetch(new URL(`/${path}`, url), { method, headers, body: JSON.stringify(body), signal });
}

function pathOfUser({ app, user }) {
  return `apps/${encodeURIComponent(app)}/users/${encodeURIComponent(user)}`;
}

function sendFile(dist, pathname, response) {
  const isBuilt = pathname.startsWith('/dist/');
  const folder = isBuilt ? dist : examples;
  const name = decodeURIComponent(pathname.slice(isBuilt ? '/dist/'.length : 1));
  const file = join(folder, name, pathname.endsWith('/') ? 'index.html' : '');
  const type = mediaTypes[extname(file)];
  if (type === undefined || !file.startsWith(resolve(folder) + sep)) return end(response, 404);
  const stream = createReadStream(file);
  stream.on('error', () => end(response, 404));
  stream.on('open', () => {
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': contentPolicy + (pathname.startsWith('/worker/') ? '' : trustedTypes),
      'cache-control': 'no-cache',
    });
    stream.pipe(response);
  });
}

async function text(request) {
  let received = '';
  for await (const chunk of request.setEncoding('utf8')) received += chunk;
  return received;
}

function endJson(response, body) {
  end(response, 200, JSON.stringify(body), {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
}

function end(response, status, body = '', headers = {}) {
  response.writeHead(status, headers).end(body);
}

/** Why the pages would not work, as a sentence; undefined if they will. */
async function findFault(backend) {
  const { origin } = backend.url;
  let response;
  try {
    // The first request of each page. The service stores nothing for it.
    response = await send(backend, 'POST', `${pathOfUser(backend)}/tokens`, { expires_in: 60 });
  } catch ({ cause, message }) {
    return `No badged responds at ${origin} (${cause?.code ?? message}). Start it, or set its URL with --url.`;
  }
  const body = await response.json().catch(() => undefined);
  if (body?.access_token !== undefined) return undefined;
  if (body?.code === undefined)
    return `The server at ${origin} is not badged. Set the URL of badged with --url.`;
  if (response.status !== 401 && response.status !== 403)
    return `badged at ${origin} responded with ${response.status}: ${body.message}`;
  return `BADGED_TOKEN is not a token of the app ${backend.app}. badged says: ${body.message}`;
}

function readFlags() {
  try {
    return parseArgs({ options: flags }).values;
  } catch ({ message }) {
    return fail(`${message}\n\n${usage}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const values = readFlags();
const { app, user, port, help } = values;
const token = process.env.BADGED_TOKEN;
if (help) {
  console.log(usage);
  process.exit();
}
if (app === undefined) fail(`--app is missing.\n\n${usage}`);
if (!token) fail(`BADGED_TOKEN is not set.\n\n${usage}`);
if (!/^\d+$/.test(port) || Number(port) > 65535) fail(`--port ${port} is not a port.`);
if (!/^https?:\/\//.test(values.url) || !URL.canParse(values.url))
  fail(`--url ${values.url} is not a URL such as ${flags.url.default}.`);
const backend = {
  url: new URL(values.url),
  app,
  token,
  user,
  vapidPublicKey: values['vapid-public-key'],
  dist: resolve(values.dist),
};
const fault = await findFault(backend);
if (fault !== undefined) fail(fault);
const server = createServer((request, response) => {
  respond(backend, request, response).catch(() => response.destroy());
});
server.on('error', ({ code }) =>
  fail(`Port ${port} cannot be used (${code}). Choose another one with --port.`),
);
server.listen(Number(port), '127.0.0.1', () => {
  const origin = `http://localhost:${server.address().port}`;
  for (const example of ['badge', 'element', 'worker']) console.log(`${origin}/${example}/`);
});
