/** Attacks with the identity token that an app sends a user back with: RFC 8725 (JWT Best Current Practices). */
import { exportSPKI } from 'jose';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { asking, attacks, openTarget, type Target } from './attacks.js';
import { identityToken, keyPair, loginRequest, type OAuthWorld } from './oauth_world.js';

const { attack, expectRows } = attacks();
let target: Target;
let world: OAuthWorld;
beforeAll(async () => {
  target = await openTarget();
  ({ world } = target);
});
afterAll(() => world.close());
/** The way to the login page and back with this identity token. */
async function comeBack(make: (nonce: string) => Promise<string>) {
  const browser = world.browser();
  const { nonce, returnTo } = loginRequest(await browser.authorize(asking(target)));
  return browser.get(`${returnTo}&id_token=${await make(nonce)}`);
}

async function expectRefused(make: (nonce: string) => Promise<string>, text: RegExp) {
  const answer = await comeBack(make);
  expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
  expect(answer.body).toMatch(text);
  expect(answer.cookies.filter(({ name }) => name.includes('session'))).toEqual([]);
}

describe('with the identity token', () => {
  attack('a replayed nonce', async () => {
    const browser = world.browser();
    const { nonce, returnTo } = loginRequest(await browser.authorize(asking(target)));
    const back = `${returnTo}&id_token=${await identityToken(world, nonce)}`;
    const cookies = new Map(browser.cookies);
    expect((await browser.get(back)).statusCode).toBe(303);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    const replayed = await browser.get(back);
    expect([replayed.statusCode, replayed.headers.location]).toEqual([400, undefined]);
  });

  attack('the same identity token twice at once', async () => {
    const browser = world.browser();
    const { nonce, returnTo } = loginRequest(await browser.authorize(asking(target)));
    const back = `${returnTo}&id_token=${await identityToken(world, nonce)}`;
    const answers = await Promise.all([browser.get(back), browser.get(back)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 400]);
  });

  attack('the nonce of another sign-in', async () => {
    const other = loginRequest(await world.browser().authorize(asking(target))).nonce;
    await expectRefused(() => identityToken(world, other), /for another sign-in/);
  });

  attack('no nonce', () =>
    expectRefused((nonce) => identityToken(world, nonce, { claims: { nonce: undefined } }), /claim nonce/),
  );

  attack('a wrong audience', async () => {
    for (const aud of ['badged:another', `badged:${world.otherApp}`, 'https://app.example'])
      await expectRefused((nonce) => identityToken(world, nonce, { claims: { aud } }), /claim aud/);
  });

  attack('alg none', () =>
    expectRefused(async (nonce) => {
      const [, payload] = (await identityToken(world, nonce)).split('.');
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    }, /identity token is not valid/),
  );

  attack('HS256 with the public key as the secret', () =>
    expectRefused(async (nonce) => {
      const key = new TextEncoder().encode(await exportSPKI(world.keys.publicKey));
      return identityToken(world, nonce, { alg: 'HS256', key });
    }, /algorithm is not allowed/),
  );

  attack('a key that is not the app’s', () =>
    expectRefused(
      (nonce) => identityToken(world, nonce, { key: keyPair('ec').privateKey, kid: 'key-1' }),
      /not signed by a key of this app/,
    ),
  );

  attack('a changed user', () =>
    expectRefused(async (nonce) => {
      const [header, payload = '', signature] = (await identityToken(world, nonce)).split('.');
      const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'boss' };
      return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    }, /not signed/),
  );

  attack('an expired identity token', () =>
    expectRefused((nonce) => {
      const then = Math.floor(world.clock.now / 1_000) - 300;
      return identityToken(world, nonce, { claims: { iat: then - 60, exp: then } });
    }, /expired/),
  );

  attack('an identity token without an end, or with a far one', async () => {
    await expectRefused((nonce) => identityToken(world, nonce, { claims: { exp: undefined } }), /claim exp/);
    const far = Math.floor(world.clock.now / 1_000) + 86_400;
    await expectRefused(
      (nonce) => identityToken(world, nonce, { claims: { exp: far } }),
      /lifetime of the identity token is too long/,
    );
  });

  attack('no user in it', () =>
    expectRefused(
      (nonce) => identityToken(world, nonce, { claims: { sub: '' } }),
      /identity token is not valid/,
    ),
  );

  attack('login CSRF: a browser that did not begin the sign-in', async () => {
    const mine = world.browser();
    const { nonce, returnTo } = loginRequest(await mine.authorize(asking(target)));
    const back = `${returnTo}&id_token=${await identityToken(world, nonce)}`;
    const victim = world.browser();
    expect((await victim.get(back)).statusCode).toBe(400);
    const own = loginRequest(await victim.authorize(asking(target)));
    expect((await victim.get(back)).statusCode).toBe(400);
    victim.cookies.set(`badged_signin_${nonce}`, [...victim.cookies.values()][0] ?? '');
    expect((await victim.get(back)).body).toMatch(/was not started in this browser/);
    expect(own.nonce).not.toBe(nonce);
  });

  attack('a sign-in that took too long', () =>
    expectRefused(async (nonce) => {
      world.clock.now += 600_000;
      return identityToken(world, nonce);
    }, /expired/),
  );

  attack('the development page without --dev', async () => {
    expect(world.http.hasRoute({ method: 'POST', url: '/oauth/dev_login' })).toBe(false);
  });
});

expectRows('a replayed nonce', 'the development page without --dev');
