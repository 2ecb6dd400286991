/** Checks of the texts that callers choose. */
import { limits } from './limits.js';
import { invalid, type Refusal } from './refusal.js';

/**
 * Why the text is not a valid user id; undefined if it is valid. Half of a surrogate pair and NUL are refused because
 * UTF-8 and PostgreSQL cannot hold them, and an id has to come back as it went in.
 */
export function checkUserId(property: string, id: string): Refusal | undefined {
  return checkName(property, 'A user id', id, limits.userIdBytes);
}

/** Why the text is not a valid conversation id; undefined if it is valid. The same rules as for user ids. */
export function checkConversationId(property: string, id: string): Refusal | undefined {
  return checkName(property, 'A conversation id', id, limits.conversationIdBytes);
}

export function checkName(
  property: string,
  what: string,
  text: string,
  maxBytes: number,
): Refusal | undefined {
  if (text === '') return invalid(property, `${what} may not be empty.`);
  const bytes = utf8Bytes(text);
  if (bytes === undefined)
    return invalid(property, `${what} must be well-formed Unicode without NUL characters.`);
  if (bytes > maxBytes)
    return invalid(property, `${what} may have ${maxBytes} bytes of UTF-8; this one has ${bytes}.`);
  return undefined;
}

/**
 * The length of the text in UTF-8; undefined if it has a NUL or half of a surrogate pair. JSON has neither. One pass,
 * because one request may name thousands of users.
 */
export function utf8Bytes(text: string): number | undefined {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0) return undefined;
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3;
    else if (isPair(unit, text.charCodeAt(index + 1))) {
      bytes += 4;
      index += 1;
    } else return undefined;
  }
  return bytes;
}

function isPair(first: number, second: number): boolean {
  return first <= 0xdbff && second >= 0xdc00 && second <= 0xdfff;
}
