/** What flags and variables may say. */
import { describe, expect, test } from 'vitest';
import { integer, origins, publicUrl } from '../../src/cli/options.js';

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

  test('a number is a whole one within its limits', () => {
    expect(integer(0, 9)('9')).toBe(9);
    for (const text of ['10', '-1', '1.5', '', 'nine'])
      expect(() => integer(0, 9)(text)).toThrow('from 0 to 9');
  });
});
