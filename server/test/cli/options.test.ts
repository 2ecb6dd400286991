/** What flags and variables may say. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dataDirOption, integer, onOffOf, origins, publicUrl } from '../../src/cli/options.js';
import { program } from '../../src/cli/program.js';
import { age } from '../../src/cli/retention_flags.js';
import { exposureWarning } from '../../src/cli/security_flags.js';

describe('addresses', () => {
  test('the public address is kept without a slash at the end, and may have a path', () => {
    expect(publicUrl('HTTPS://Badges.Example.com')).toBe('https://badges.example.com');
    expect(publicUrl('https://example.com:8443/badges/')).toBe('https://example.com:8443/badges');
  });

  test.each(['badges.example.com', 'ftp://a.example', 'https://u:p@a.example', 'https://a.example/?x', ''])(
    'the public address is not %j',
    (text) => {
      expect(() => publicUrl(text)).toThrow('such as https://badges.example.com');
    },
  );

  test('origins are as browsers send them', () => {
    expect(origins('https://chat.example.com, http://localhost:3000/')).toEqual([
      'https://chat.example.com',
      'http://localhost:3000',
    ]);
  });

  test.each(['*', 'chat.example.com', 'https://a.example/path', 'https://u@a.example', 'https://a.example,'])(
    'an origin is not %j',
    (text) => {
      expect(() => origins(text)).toThrow('such as https://chat.example.com');
    },
  );

  test('messages are kept for days or hours', () => {
    expect([age('90d'), age('36h')]).toEqual([7_776_000_000, 129_600_000]);
    for (const text of ['0d', '90', '1.5d', '30m', '']) expect(() => age(text)).toThrow('such as 90d or 36h');
  });

  test('a number is a whole one within its limits', () => {
    expect(integer(0, 9)('9')).toBe(9);
    for (const text of ['10', '-1', '1.5', '', 'nine'])
      expect(() => integer(0, 9)(text)).toThrow('from 0 to 9');
  });
});

test('a variable that is on or off may be left out or empty', () => {
  expect(['1', 'on', 'TRUE', '0', 'no', 'Off', 'false', '', undefined].map(onOffOf)).toEqual([
    ...[true, true, true],
    ...[false, false, false, false],
    ...[undefined, undefined],
  ]);
});

test('the directory of the data is not empty', () => {
  expect(() => dataDirOption().parseArg?.('', undefined)).toThrow('such as ./data');
});

describe('no error quotes a secret', () => {
  const secret = "s3cret's x' is invalid. pass://word";
  const errorOf = (args: readonly string[]) => {
    let written = '';
    const quiet = (command: ReturnType<typeof program>) => {
      command.exitOverride();
      command.configureOutput({ writeErr: (text) => (written += text) });
      for (const one of command.commands) quiet(one);
    };
    const badged = program();
    quiet(badged);
    expect(() => badged.parse([...args], { from: 'user' })).toThrow();
    return written;
  };

  test.each([
    ['serve', '--admin-token', secret],
    ['serve', '--database-url', secret],
    ['verify', '--database-url', secret],
    ['copy', '--from', `x://${secret}`, '--to', 'data'],
  ])('badged %s %s', (...args) => {
    const written = errorOf(args);
    expect(written).toMatch(/^error: option '--[a-z-]+ <\w+>' argument is invalid\. It must /);
    expect(written).not.toMatch(/s3cret|pass:/);
  });

  test('from a variable', () => {
    vi.stubEnv('BADGED_ADMIN_TOKEN', 's3cret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const written = errorOf(['serve']);
    expect(written).toContain(
      "error: option '--admin-token <token>' value from env 'BADGED_ADMIN_TOKEN' is invalid.",
    );
    expect(written).not.toContain('s3cret');
  });

  test('and one about anything else says what was wrong', () => {
    expect(errorOf(['serve', '--port', 'eighty'])).toContain("argument 'eighty' is invalid.");
  });
});

describe('a server that others can reach', () => {
  const [certificate, key] = ['a.crt', 'a.key'];

  test('warns that it has no TLS', () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'badges.example.com'])
      expect(exposureWarning({ host })).toContain(`listens on ${host} without TLS`);
    expect(exposureWarning({ host: '::', publicUrl: 'http://a.example' })).toContain('without TLS');
  });

  test('does not warn on loopback, with TLS, or behind a proxy', () => {
    for (const flags of [
      { host: '127.0.0.1' },
      { host: 'localhost' },
      { host: '::1' },
      { host: '::', tlsCert: certificate, tlsKey: key },
      { host: '::', trustProxy: true },
      { host: '::', publicUrl: 'https://badges.example.com' },
    ])
      expect(exposureWarning(flags)).toBeUndefined();
  });
});
