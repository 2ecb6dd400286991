/** What is copied from the playground: a real shell takes it apart again. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curl, quote, type SentCall } from '../src/playground/curl.js';

/** Whatever an argument of a program can be: any text without the character that ends it. */
const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', ''));
/** The characters that mean something to a shell, close together. */
const hostile = fc.string({ unit: fc.constantFrom(...`'"\\$\`!#&;|<>(){}[]*?~ \n\r\tab-@%=`) });
const anything = fc.oneof(text, hostile);

test('what the shell parses is what was sent, whatever it is', () => {
  const call: fc.Arbitrary<SentCall> = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
    url: anything.map((user) => `http://127.0.0.1:8080/apps/a/users/${encodeURIComponent(user)}/badge`),
    headers: fc.constant([['content-type', 'application/json']] as const),
    body: fc.option(anything, { nil: undefined }),
  });
  // Many at once: to start a shell takes longer than all of its work.
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 40 }), (calls) => {
      expect(parsed(calls.map(curl))).toEqual(calls.map(expected));
    }),
    { numRuns: 25 },
  );
});

test('a word stays one word, and itself', () => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 40 }), (words) => {
      expect(parsed([`curl ${words.map(quote).join(' ')}`])).toEqual([words]);
    }),
    { numRuns: 25 },
  );
});

test('the session and the request id stay behind: pasted, it is a call of its own, with a token', () => {
  const command = curl({
    method: 'POST',
    url: 'https://badges.example/apps/a/conversations/c/messages',
    headers: [
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
      ['if-none-match', 'c35eb5ab-2f0d-4c0a-9a5e-6d1f1e0e6a01'],
      ['x-requested-with', 'badged'],
    ],
    body: `{"parts":[{"body":"It's noon"}]}`,
  });
  expect(command).toBe(
    [
      `curl -X POST 'https://badges.example/apps/a/conversations/c/messages'`,
      `-H "Authorization: Bearer $TOKEN"`,
      `-H 'content-type: application/json'`,
      `--data-raw '{"parts":[{"body":"It'\\''s noon"}]}'`,
    ].join(' \\\n  '),
  );
});

test('a call to /admin asks for the admin token, a stream comes unbuffered, and curl reads no patterns', () => {
  const admin = { method: 'PATCH', url: 'http://localhost/admin/apps/a', headers: [], body: '{}' };
  expect(curl(admin)).toContain('"Authorization: Bearer $ADMIN_TOKEN"');
  const headers = [['accept', 'text/event-stream']] as const;
  const stream = {
    method: 'GET',
    url: 'http://localhost/apps/a/users/[1-3]/badge',
    headers,
    body: undefined,
  };
  expect(parsed([curl(stream)])).toEqual([
    ['-N', '-g', stream.url, '-H', 'Authorization: Bearer the token', '-H', 'Accept: text/event-stream'],
  ]);
});

function expected({ method, url, body }: SentCall): string[] {
  return [
    ...(method === 'GET' ? [] : ['-X', method]),
    url,
    ...['-H', 'Authorization: Bearer the token', '-H', 'content-type: application/json'],
    ...(body === undefined ? [] : ['--data-raw', body]),
  ];
}

/** The arguments that curl would get of each command. */
function parsed(commands: readonly string[]): string[][] {
  // A function of that name says how many there are, then each, all ended by the character that no argument has.
  const script = [`curl() { printf '%s\\0' "$#" "$@"; }`, ...commands].join('\n');
  const env = { TOKEN: 'the token', ADMIN_TOKEN: 'the admin token' };
  const output = execFileSync('/bin/sh', ['-s'], { env, input: script, encoding: 'utf8' });
  const words = output.split('\0').slice(0, -1);
  const calls: string[][] = [];
  while (words.length > 0) calls.push(words.splice(0, 1 + Number(words[0])).slice(1));
  return calls;
}
