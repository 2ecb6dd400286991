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
  if (!isStorable(text))
    return invalid(property, `${what} must be well-formed Unicode without NUL characters.`);
  const bytes = utf8Bytes(text);
  if (bytes > maxBytes)
    return invalid(property, `${what} may have ${maxBytes} bytes of UTF-8; this one has ${bytes}.`);
  return undefined;
}

/** The length of the text in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes += 1;
    else if (point < 0x800) bytes += 2;
    else if (point < 0x10000) bytes += 3;
    else bytes += 4;
  }
  return bytes;
}

export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
