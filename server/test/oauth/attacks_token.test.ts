/** Attacks on the token endpoint and the settings: RFC 9700 (OAuth 2.0 Security Best Current Practice). */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { asking, attacks, openTarget, type Target } from './attacks.js';
import { codeLogin, type OAuthWorld, otherRedirectUri, pkce, redirectUri, signIn } from './oauth_world.js';

const { attack, expectRows } = attacks();
let target: Target;
let world: OAuthWorld;
let client: Target['client'];
beforeAll(async () => {
  target = await openTarget();
  ({ world, client } = target);
});
afterAll(() => world.close());
async function expectOAuthError(form: Readonly<Record<string, string>>, error: string, by = target.client) {
  const answer = await world.exchange(form, by);
  expect(answer.json()).toMatchObject({ error });
  expect(answer.statusCode).toBe(error === 'invalid_client' ? 401 : 400);
  return answer;
}

async function freshCode(challenge = pkce()) {
  const end = await signIn(world, world.browser(), asking(target, challenge.query));
  const code = end.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
  return { ...form, code_verifier: challenge.verifier };
}

describe('at the token endpoint', () => {
  attack('a code used twice: its tokens are revoked', async () => {
    const { form, access_token, refresh_token } = await codeLogin(world, client);
    expect((await world.api('GET', '/tokens/me', access_token)).statusCode).toBe(200);
    await expectOAuthError(form, 'invalid_grant');
    expect((await world.api('GET', '/tokens/me', access_token)).statusCode).toBe(401);
    await expectOAuthError({ grant_type: 'refresh_token', refresh_token }, 'invalid_grant');
  });

  attack('PKCE: no verifier, a wrong one, and the challenge itself', async () => {
    const { code_verifier: _, ...without } = await freshCode();
    await expectOAuthError(without, 'invalid_request');
    await expectOAuthError({ ...(await freshCode()), code_verifier: pkce().verifier }, 'invalid_grant');
    const challenge = pkce();
    const form = await freshCode(challenge);
    await expectOAuthError({ ...form, code_verifier: challenge.query.code_challenge }, 'invalid_grant');
  });

  attack('a code with another redirect URI, even a registered one', async () => {
    await expectOAuthError({ ...(await freshCode()), redirect_uri: otherRedirectUri }, 'invalid_grant');
  });

  attack('a foreign client’s code', async () => {
    const form = await freshCode();
    await expectOAuthError(form, 'invalid_grant', await world.client());
    await expectOAuthError(form, 'invalid_grant', await world.client({}, world.otherApp));
    expect((await world.exchange(form, client)).statusCode).toBe(200);
  });

  attack('an expired code', async () => {
    const form = await freshCode();
    world.clock.now += 60_000;
    await expectOAuthError(form, 'invalid_grant');
  });

  attack('a refresh token used twice: the whole login is revoked', async () => {
    const { refresh_token } = await codeLogin(world, client);
    const stolen = { grant_type: 'refresh_token', refresh_token };
    const next = (await world.exchange(stolen, client)).json();
    await expectOAuthError(stolen, 'invalid_grant');
    expect((await world.api('GET', '/tokens/me', next.access_token)).statusCode).toBe(401);
    await expectOAuthError({ ...stolen, refresh_token: next.refresh_token }, 'invalid_grant');
  });

  attack('a refresh token used twice at once', async () => {
    const { refresh_token } = await codeLogin(world, client);
    const form = { grant_type: 'refresh_token', refresh_token };
    const answers = await Promise.all([world.exchange(form, client), world.exchange(form, client)]);
    const good = answers.filter(({ statusCode }) => statusCode === 200);
    expect(good.length).toBeLessThanOrEqual(1);
    for (const answer of good)
      expect((await world.api('GET', '/tokens/me', answer.json().access_token)).statusCode).toBe(401);
  });

  attack('a foreign client’s refresh token', async () => {
    const { refresh_token } = await codeLogin(world, client);
    await expectOAuthError(
      { grant_type: 'refresh_token', refresh_token },
      'invalid_grant',
      await world.client(),
    );
  });

  attack('a wrong client secret, or none', async () => {
    const confidential = await world.client({ grant_types: ['client_credentials'] });
    const form = { grant_type: 'client_credentials' };
    const wrong = await expectOAuthError(form, 'invalid_client', { ...confidential, secret: 'x'.repeat(43) });
    expect(wrong.headers['www-authenticate']).toMatch(/^Basic/);
    await expectOAuthError({ ...form, client_id: confidential.id }, 'invalid_client', {
      id: '',
      secret: null,
    });
  });

  attack('a confidential client’s code without its secret', async () => {
    const web = await world.client({ confidential: true });
    const challenge = pkce();
    const end = await signIn(
      world,
      world.browser(),
      asking(target, { client_id: web.id, ...challenge.query }),
    );
    const form = {
      grant_type: 'authorization_code',
      code: end.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: challenge.verifier,
    };
    await expectOAuthError(form, 'invalid_client', { ...web, secret: null });
    expect((await world.exchange(form, web)).statusCode).toBe(200);
  });

  attack('client credentials of a client without them', () =>
    expectOAuthError({ grant_type: 'client_credentials' }, 'unauthorized_client').then(() => {}),
  );

  attack('the password grant', () =>
    expectOAuthError({ grant_type: 'password', username: 'a', password: 'b' }, 'unsupported_grant_type').then(
      () => {},
    ),
  );

  attack('tokens of one kind used as another', async () => {
    const { access_token, refresh_token } = await codeLogin(world, client);
    expect((await world.api('GET', '/tokens/me', refresh_token)).statusCode).toBe(401);
    await expectOAuthError({ grant_type: 'refresh_token', refresh_token: access_token }, 'invalid_grant');
    const { code } = await freshCode();
    expect((await world.api('GET', '/tokens/me', code)).statusCode).toBe(401);
  });
});

describe('in the settings', () => {
  const setLogin = (body: unknown) =>
    world.send('PUT', `/admin/apps/${world.otherApp}/login`, { token: world.adminToken, body });

  attack('a private or shared key registered as a public one', async () => {
    const url = 'https://app.example/login';
    const jwk = world.keys.privateKey.export({ format: 'jwk' });
    for (const key of [jwk, { kty: 'oct', k: 'c2VjcmV0' }, { kty: 'EC' }, {}])
      expect((await setLogin({ url, keys: [key] })).statusCode).toBe(422);
    expect((await setLogin({ url: 'javascript:alert(1)', keys: [] })).statusCode).toBe(422);
  });

  attack('a redirect URI that runs script, or goes over plain http', async () => {
    for (const uri of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://pages.example/',
      'https://a/#x',
      '//a',
      'x',
    ]) {
      await expect(world.client({ redirect_uris: [uri] }), uri).rejects.toThrow('redirect_uris');
    }
  });
});

expectRows(
  'a code used twice: its tokens are revoked',
  'a redirect URI that runs script, or goes over plain http',
);
