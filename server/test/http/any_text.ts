/** Texts that may be ids, and are written wrong somewhere as soon as one way in or out forgets to encode them. */
import fc from 'fast-check';

const texts = [
  ' ',
  '/',
  '%2F',
  '%',
  '%ZZ',
  '+',
  '?a=b#c',
  'a@b.example/resource',
  '\u0001',
  '\n',
  '"\\',
  '..a',
  '__proto__',
  'constructor',
  'everyone',
  'badge',
  '🙂👨‍👩‍👧',
  '\u00e9',
  'e\u0301',
  '\ufeff',
  '\u202e',
  'namespace/12345',
  'x'.repeat(255),
  'layer:///conversations/a',
  'layer:///identities/a',
];

/** Those of them that are ids of a kind whose URIs begin with this prefix: a text with it is read as a URI. */
export function strangeTexts(uriPrefix: string): string[] {
  return texts.filter((text) => isId(text, uriPrefix));
}

export function anyText(uriPrefix: string): fc.Arbitrary<string> {
  const random = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
  return fc.oneof(
    fc.constantFrom(...strangeTexts(uriPrefix)),
    random.filter((text) => isId(text, uriPrefix) && isAddressable(text)),
  );
}

function isId(text: string, uriPrefix: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text) && !text.startsWith(uriPrefix);
}

/** Clients normalise a URL before they send it: these two names cannot be a segment of one. */
function isAddressable(text: string): boolean {
  return text !== '.' && text !== '..';
}
