// What serve.mjs says, in place of addresses of pages that would not work.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const serveScript = fileURLToPath(new URL('../../examples/serve.mjs', import.meta.url));

describe('serve.mjs prints no address, but what is wrong', () => {
  it('where nothing answers', async () => {
    const url = await withService(
      () => {},
      async (origin) => origin,
    );
    expect(await serve('--app', 'an-app', '--url', url)).toEqual({
      status: 1,
      printed: '',
      said: `No badged responds at ${url} (ECONNREFUSED). Start it, or set its URL with --url.\n`,
    });
  });

  it('where something else answers', async () => {
    const page: RequestListener = (_, response) => response.end('<!doctype html>');
    const { status, printed, said } = await withService(page, (url) =>
      serve('--app', 'an-app', '--url', url),
    );
    expect([status, printed]).toEqual([1, '']);
    expect(said).toMatch(/^The server at .* is not badged/);
  });

  it('where the token is refused', async () => {
    const refuse: RequestListener = ({ url, headers }, response) => {
      const message = `Not ${headers.authorization} at ${url}.`;
      response.writeHead(403).end(JSON.stringify({ id: 'invalid_app_id', code: 2, message }));
    };
    expect(await withService(refuse, (url) => serve('--app', 'an-app', '--url', url))).toEqual({
      status: 1,
      printed: '',
      said:
        'BADGED_TOKEN is not a token of the app an-app. ' +
        'badged says: Not Bearer a-token at /apps/an-app/users/bob/tokens.\n',
    });
  });

  it('where a flag is unknown', async () => {
    const { status, printed, said } = await serve('--application', 'an-app');
    expect([status, printed]).toEqual([1, '']);
    expect(said).toMatch(/^Unknown option '--application'.*\n\nusage: /s);
    expect(said).not.toContain('node:internal');
  });
});

async function withService<T>(listener: RequestListener, use: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    return await use(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

/** With an environment of its own, so that no option of the tests' Node reaches it. */
async function serve(...argv: string[]) {
  const child = spawn(process.execPath, [serveScript, ...argv], { env: { BADGED_TOKEN: 'a-token' } });
  const [printed, said, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status, printed, said };
}
