/** Attacks on the authorization endpoint and the settings: RFC 9700 (OAuth 2.0 Security Best Current Practice). */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { asking, attacks, openTarget, type Target } from './attacks.js';
import {
  type Browser,
  locationOf,
  type OAuthWorld,
  otherRedirectUri,
  redirectUri,
  signIn,
} from './oauth_world.js';

const { attack, expectRows } = attacks();
let target: Target;
let world: OAuthWorld;
beforeAll(async () => {
  target = await openTarget();
  ({ world } = target);
});
afterAll(() => world.close());
/** A page, and nobody is sent anywhere. */
async function expectPage(browser: Browser, parameters: Readonly<Record<string, string>>, text: RegExp) {
  const answer = await browser.authorize(parameters);
  expect(answer.statusCode).toBe(400);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers['content-type']).toContain('text/html');
  expect(answer.body).toMatch(text);
}

async function expectError(parameters: Readonly<Record<string, string>>, error: string) {
  const end = new URL(locationOf(await world.browser().authorize(parameters)));
  expect(`${end.origin}${end.pathname}`).toBe('https://pages.example/after-login');
  expect(end.searchParams.get('error') ?? new URLSearchParams(end.hash.slice(1)).get('error')).toBe(error);
}

describe('at the authorization endpoint', () => {
  attack('open redirect: a redirect URI that is not registered', async () => {
    for (const redirect_uri of [
      'https://evil.example/',
      `${redirectUri}&more=1`,
      `${redirectUri}/`,
      'https://pages.example/after-login',
      'https://pages.example.evil.example/after-login?keep=1',
      redirectUri.toUpperCase(),
      `${redirectUri}#x`,
    ])
      await expectPage(world.browser(), asking(target, { redirect_uri }), /redirect_uri is not registered/);
  });

  attack('an unknown client', () =>
    expectPage(
      world.browser(),
      asking(target, { client_id: `${world.app}.AAAAAAAAAAAAAAAA` }),
      /client_id does not exist/,
    ),
  );

  attack('another app’s client with this app’s redirect URI', async () => {
    const foreign = await world.client({ redirect_uris: [otherRedirectUri] }, world.otherApp);
    await expectPage(world.browser(), asking(target, { client_id: foreign.id }), /not registered/);
  });

  attack('a parameter given twice', async () => {
    const query = `${new URLSearchParams(asking(target))}&redirect_uri=${encodeURIComponent('https://evil.example/')}`;
    const answer = await world.browser().get(`/oauth/authorize?${query}`);
    expect([answer.statusCode, answer.headers.location]).toEqual([400, undefined]);
  });

  attack('PKCE left out by a client without a secret', () =>
    expectError(asking(target, { code_challenge: '' }), 'invalid_request'),
  );
  attack('PKCE downgraded to plain', () =>
    expectError(asking(target, { code_challenge_method: 'plain' }), 'invalid_request'),
  );
  attack('PKCE without a method', () =>
    expectError(asking(target, { code_challenge_method: '' }), 'invalid_request'),
  );
  attack('implicit by a client that was not created for it', () =>
    expectError(asking(target, { response_type: 'token' }), 'unauthorized_client'),
  );
  attack('a response type of another flow', () =>
    expectError(asking(target, { response_type: 'code token' }), 'unsupported_response_type'),
  );

  attack('fragment injection: a state that carries parameters of its own', async () => {
    const implicit = await world.client({ grant_types: ['implicit'] });
    const state = 'x&access_token=stolen#access_token=stolen?code=1';
    const asked = { client_id: implicit.id, redirect_uri: redirectUri, response_type: 'token', state };
    const fragment = new URLSearchParams((await signIn(world, world.browser(), asked)).hash.slice(1));
    expect(fragment.getAll('access_token')).toHaveLength(1);
    expect(fragment.get('access_token')).not.toBe('stolen');
    expect(fragment.get('state')).toBe(state);
  });

  attack('script in what a page shows', async () => {
    const answer = await world
      .browser()
      .authorize(asking(target, { client_id: '<script>alert(1)</script>' }));
    expect(answer.body).not.toContain('<script>');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

expectRows('open redirect: a redirect URI that is not registered', 'script in what a page shows');
