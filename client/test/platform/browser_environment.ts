// A bare environment, as `example.com`, in a browser: the page logs in at login.ENV and calls api.ENV, over TLS, each of
// another origin than the page. Here ENV is localhost with a port, whose subdomains a browser finds on this machine.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf, type Stage } from './browser_pages.js';
import { type PlatformDouble, startPlatformDouble, type TlsOptions } from './double/platform_double.js';

export function describeBareEnvironment(stage: () => Stage): void {
  describe('a bare environment', () => {
    let double: PlatformDouble;
    beforeAll(async () => {
      double = await startPlatformDouble([`${stage().pages.origin}/bare`], certificate());
    });
    afterAll(() => double.close());

    it('logs in at login.ENV, and calls api.ENV from the origin of a redirect URI', async () => {
      const { page, pages } = stage();
      const address = pages.put(
        '/bare',
        `<script src="/platform_client.min.js"></script>
         <script>
           const client = platformClient.ApiClient.instance;
           client.setEnvironment(${JSON.stringify(double.environment)});
           client.loginImplicitGrant(${JSON.stringify(double.implicitClientId)}, location.origin + '/bare')
             .then(() => new platformClient.BadgesApi().deleteBadgesChat('grace@app.badged'))
             .then(() => ({ message: 'cleared' }), ({ message }) => ({ message }))
             .then((result) => { window.outcome = { ...result, address: location.href }; });
         </script>`,
      );
      await page.goto(address);
      expect(await outcomeOf(page)).toEqual({ message: 'cleared', address });
      const calls = double.requests.filter(({ method }) => method !== 'OPTIONS');
      expect(calls.map(({ host, method, status }) => [method, host, status])).toEqual([
        ['GET', `login.localhost:${double.port}`, 302],
        ['GET', `api.localhost:${double.port}`, 200],
        ['DELETE', `api.localhost:${double.port}`, 204],
      ]);
    });
  });
}

function certificate(): TlsOptions {
  const folder = mkdtempSync(join(tmpdir(), 'platform-client-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:*.localhost'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...algorithm, ...names, ...files], {
    stdio: 'pipe',
  });
  const options = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return options;
}
