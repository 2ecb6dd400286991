/**
 * Serves the built dashboard from one folder: index.html and phone.html, their files in assets/, and in phone/ the
 * manifest, icons and service worker of the phone app. Files are read at each request, so that a new build shows at
 * the next reload.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../foundation/errors.js';

/** The path is the same from the source and from the compiled file. */
export const builtPages = fileURLToPath(new URL('../../../../dashboard/dist', import.meta.url));

const notBuilt =
  'The dashboard is not built. Build it with "npm run build --workspace dashboard", then load this page again.\n';

interface Named {
  readonly Params: { readonly name: string };
}

export function addPages(app: FastifyInstance, folder: string): void {
  const options = { config: { access: 'public' }, schema: { hide: true } } as const;
  const file = async (reply: FastifyReply, path: string, headers: Headers) =>
    sendContent(reply, orNotFound(await contentOf(join(folder, path))), path, headers);

  app.get('/', options, (_request, reply) => sendPage(reply, join(folder, 'index.html')));
  app.get('/phone', options, (_request, reply) => sendPage(reply, join(folder, 'phone.html')));

  app.get<Named>('/assets/:name', options, async (request, reply) => {
    const path = join('assets', safe(request.params.name));
    const { content, encoding } = orNotFound(await encodedContentOf(request, join(folder, path)));
    if (encoding !== undefined) reply.header('content-encoding', encoding);
    return sendContent(reply, content, path, { ...unchanging, vary: 'accept-encoding' });
  });

  app.get('/favicon.svg', options, (_request, reply) => file(reply, 'favicon.svg', forAnHour));
  app.get('/phone/manifest.webmanifest', options, (_request, reply) =>
    file(reply, 'phone/manifest.webmanifest', revalidate),
  );
  app.get('/phone/worker.js', options, (_request, reply) => file(reply, 'phone/worker.js', worker));
  app.get<Named>('/phone/:name', options, (request, reply) => {
    const name = safe(request.params.name);
    // Other files in that folder are not public.
    if (extname(name) !== '.png') refuseUnknown();
    return file(reply, join('phone', name), forAnHour);
  });
}

type Headers = Readonly<Record<string, string>>;

/** Their names contain a hash of their content. */
const unchanging = { 'cache-control': 'public, max-age=31536000, immutable' };
const forAnHour = { 'cache-control': 'public, max-age=3600' };
const revalidate = { 'cache-control': 'no-cache' };

/** A service worker has the policy of its own response. Its scope starts one level above its path. */
const worker = {
  ...revalidate,
  'service-worker-allowed': '/phone',
  'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'",
};

/** The content security policy of a page. Styles that components insert need the nonce; scripts come from this origin only. */
function policy(nonce: string): string {
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return directives.join('; ');
}

/** Not cached (the default header): a nonce is valid for one response. */
async function sendPage(reply: FastifyReply, path: string): Promise<FastifyReply> {
  const page = await contentOf(path);
  if (page === undefined) return reply.code(404).type('text/plain; charset=utf-8').send(notBuilt);
  const nonce = randomBytes(16).toString('base64');
  return reply
    .headers({ 'content-security-policy': policy(nonce), 'cross-origin-opener-policy': 'same-origin' })
    .type('text/html; charset=utf-8')
    .send(page.toString().replaceAll('__CSP_NONCE__', nonce));
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

function sendContent(reply: FastifyReply, content: Buffer, path: string, headers: Headers): FastifyReply {
  return reply
    .headers({ ...headers })
    .type(types[extname(path)] ?? 'application/octet-stream')
    .send(content);
}

/** Files that the build compressed; the smallest first. */
const encodings = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
];

async function encodedContentOf(
  { headers }: FastifyRequest,
  path: string,
): Promise<{ readonly content: Buffer; readonly encoding?: string } | undefined> {
  for (const { encoding, ending } of encodings) {
    if (!accepts(headers['accept-encoding'], encoding)) continue;
    const content = await contentOf(`${path}${ending}`);
    if (content !== undefined) return { content, encoding };
  }
  const content = await contentOf(path);
  return content && { content };
}

/** RFC 9110, section 12.5.3, except that a coding must be named: * selects none. */
function accepts(header: string | string[] | undefined, encoding: string): boolean {
  const codings = `${header ?? ''}`.toLowerCase().split(',');
  return codings.some((coding) => {
    const [name = '', quality = ''] = coding.split(';');
    return name.trim() === encoding && !/^\s*q\s*=\s*0(\.0*)?\s*$/.test(quality);
  });
}

/** Undefined where there is no such file. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Returns a name that cannot leave its folder. Throws not_found for others. */
function safe(name: string): string {
  return /^[\w-][\w.-]{0,200}$/.test(name) ? name : refuseUnknown();
}

function orNotFound<T>(content: T | undefined): T {
  return content ?? refuseUnknown();
}

function refuseUnknown(): never {
  throw new ApiError(
    'not_found',
    'This file does not exist. Reload the page: a newer version may have replaced it.',
  );
}
