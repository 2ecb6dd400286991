/** Coming in, and going out. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DashboardEnvironment } from './environment.js';
import { adminToken } from './served.js';

const built = fileURLToPath(new URL('../dist', import.meta.url));

export function signInTests(environment: DashboardEnvironment): void {
  describe('signing in', () => {
    test('the printed link opens the playground, once, and leaves no code in the address', async () => {
      const page = await environment.page({ signedIn: false });
      await page.goto(environment.served.signInUrl);
      await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor();
      expect(page.url()).toBe(`${environment.url}/#/playground`);
      const again = await environment.page({ signedIn: false, expectedErrors: /401/ });
      await again.goto(environment.served.signInUrl);
      await again.getByText('This link was already used').waitFor();
    });

    test('a wrong token is refused with a sentence; signing out ends the session for every tab', async () => {
      const page = await environment.page({ signedIn: false, expectedErrors: /401/ });
      await page.goto(environment.url);
      await page.getByLabel('Admin token').fill('not the token');
      await page.keyboard.press('Enter');
      await page.getByText('This is not the admin token').waitFor();
      const cookie = await signedInAndOut(environment);
      const answer = await fetch(`${environment.url}/admin/session`, {
        headers: { cookie, 'x-requested-with': 'badged' },
      });
      expect(answer.status).toBe(401);
    });

    test('the first load is below 300 kB compressed', async () => {
      const page = await environment.page();
      const sizes: number[] = [];
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (pathname.startsWith('/assets/')) sizes.push(statSync(join(built, `${pathname}.gz`)).size);
      });
      await page.goto(environment.url);
      await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor();
      expect(sizes.length).toBeGreaterThan(2);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    });

    test('nothing that was built names another host', () => {
      const addresses = readdirSync(join(built, 'assets'))
        .filter((name) => /\.(js|css)$/.test(name))
        .flatMap((name) => [
          ...readFileSync(join(built, 'assets', name), 'utf8').matchAll(/url\((https?:[^)]+)\)/g),
        ]);
      expect(addresses.map(([address]) => address)).toEqual([]);
    });
  });
}

/** In a session of its own: what it was is good for nothing afterwards. */
async function signedInAndOut(environment: DashboardEnvironment): Promise<string> {
  const page = await environment.page({ signedIn: false, expectedErrors: /401/ });
  await page.goto(environment.url);
  await page.getByLabel('Admin token').fill(adminToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const [cookie] = await page.context().cookies();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Admin token').waitFor();
  return `${cookie?.name}=${cookie?.value}`;
}
