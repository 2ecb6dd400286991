/** UUIDs as text and as four 32-bit words, which is how the state stores them. */
const anyCase = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const lowerCase = new RegExp(anyCase.source);

/** The UUID in lower case; undefined if the text is not a UUID. */
export function parseUuid(text: string): string | undefined {
  return anyCase.test(text) ? text.toLowerCase() : undefined;
}

/** Whether the text is a UUID in lower case, as parseUuid returns it. */
export function isUuid(text: string): boolean {
  return lowerCase.test(text);
}

export type UuidWords = readonly [number, number, number, number];

/** The text must be a UUID. */
export function uuidToWords(uuid: string): UuidWords {
  return [word(uuid, 0, 4), word(uuid, 9, 14), word(uuid, 19, 24), word(uuid, 28, 32)];
}

/** One call with all characters: to join parts takes twenty times as long, and every request does this. */
export function uuidFromWords(a: number, b: number, c: number, d: number): string {
  // biome-ignore format: one group of the UUID a line
  return String.fromCharCode(
    hex(a, 28), hex(a, 24), hex(a, 20), hex(a, 16), hex(a, 12), hex(a, 8), hex(a, 4), hex(a, 0), hyphen,
    hex(b, 28), hex(b, 24), hex(b, 20), hex(b, 16), hyphen,
    hex(b, 12), hex(b, 8), hex(b, 4), hex(b, 0), hyphen,
    hex(c, 28), hex(c, 24), hex(c, 20), hex(c, 16), hyphen,
    hex(c, 12), hex(c, 8), hex(c, 4), hex(c, 0),
    hex(d, 28), hex(d, 24), hex(d, 20), hex(d, 16), hex(d, 12), hex(d, 8), hex(d, 4), hex(d, 0),
  );
}

/** The number of two groups of four hexadecimal digits. */
function word(text: string, high: number, low: number): number {
  return (digits(text, high) * 0x10000 + digits(text, low)) >>> 0;
}

function digits(text: string, from: number): number {
  return (
    (digit(text.charCodeAt(from)) << 12) |
    (digit(text.charCodeAt(from + 1)) << 8) |
    (digit(text.charCodeAt(from + 2)) << 4) |
    digit(text.charCodeAt(from + 3))
  );
}

/** Of 0-9, a-f and A-F, by their bits in ASCII: letters have bit 6, and end in 1 to 6. */
function digit(code: number): number {
  return (code & 0xf) + (code >> 6) * 9;
}

const hyphen = 0x2d;
const hexCodes = Uint8Array.from('0123456789abcdef', (character) => character.charCodeAt(0));

/** The character code of the four bits from this one up. */
function hex(word: number, from: number): number {
  return hexCodes[(word >>> from) & 0xf] ?? 0;
}
