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

export function uuidToWords(uuid: string): UuidWords {
  const hex = uuid.replaceAll('-', '');
  return [word(hex, 0), word(hex, 8), word(hex, 16), word(hex, 24)];
}

export function uuidFromWords(a: number, b: number, c: number, d: number): string {
  const hex = eight(a) + eight(b) + eight(c) + eight(d);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function word(hex: string, from: number): number {
  return Number.parseInt(hex.slice(from, from + 8), 16) >>> 0;
}

function eight(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
