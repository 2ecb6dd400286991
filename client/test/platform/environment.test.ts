// Where a given environment leads, and what is refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentOf, environmentOfGateway } from '../../src/platform/environment.js';

describe('an environment', () => {
  it.each([
    ['mypurecloud.com', 'https://api.mypurecloud.com', 'https://login.mypurecloud.com'],
    ['api.mypurecloud.ie/', 'https://api.mypurecloud.ie', 'https://login.mypurecloud.ie'],
    ['https://api.mypurecloud.de', 'https://api.mypurecloud.de', 'https://login.mypurecloud.de'],
    ['localhost:8443', 'https://api.localhost:8443', 'https://login.localhost:8443'],
    ['http://api.localhost:8080', 'http://api.localhost:8080', 'http://login.localhost:8080'],
    ['https://badges.example.com', 'https://badges.example.com', 'https://badges.example.com'],
    ['https://example.com:444/badges/', 'https://example.com:444/badges', 'https://example.com:444/badges'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/', 'http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s means %s and %s', (name, api, login) => {
    expect(environmentOf(name)).toEqual({ api, login });
  });

  it.each([
    '',
    'http://badges.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'https://user:secret@example.com',
    'example.com/path',
    'https://example.com/?a=b',
  ])('%j is refused', (name) => {
    expect(() => environmentOf(name)).toThrow(Error);
  });

  it('never sends anything in the clear to another machine', () => {
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), fc.boolean(), (domain, port, bare) => {
        const address = `${domain}:${port}`;
        if (!bare) expect(() => environmentOf(`http://${address}`)).toThrow(/https/);
        const { api, login } = environmentOf(bare ? address : `https://${address}`);
        expect([api, login].every((base) => base.startsWith('https://'))).toBe(true);
      }),
    );
  });

  it('can be behind a gateway, with a path for each', () => {
    const gateway = {
      host: 'gate.example.com',
      port: 8443,
      path_params_api: '/api/',
      path_params_login: 'login',
    };
    expect(environmentOfGateway(gateway)).toEqual({
      api: 'https://gate.example.com:8443/api',
      login: 'https://gate.example.com:8443/login',
    });
    expect(() => environmentOfGateway({ host: 'gate.example.com', protocol: 'http' })).toThrow(/https/);
  });
});
