/**
 * How much a JSON text holds, counted in one pass over its bytes before it is parsed. Parsing costs by the number of
 * values and not by bytes alone: two megabytes of brackets take 100 times as long as two megabytes of text.
 */
import { limits } from '@badged/core';

const quote = 0x22;
const backslash = 0x5c;

/**
 * Returns what the text has too much of, as the end of a sentence ("values than 50,000"), or undefined. Stops at the first
 * limit that is exceeded. The text need not be valid JSON.
 */
export function structureExceeds(bytes: Uint8Array): string | undefined {
  /** How many members the open object at each depth has. */
  const own = new Uint16Array(limits.jsonDepth + 1);
  let depth = 0;
  let containers = 0;
  let members = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case quote:
        at = endOfString(bytes, at);
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        containers += 1;
        values += 1;
        if (depth > limits.jsonDepth) return `levels of nesting than ${limits.jsonDepth}`;
        if (containers > limits.jsonContainers) return exceeds('objects and arrays', limits.jsonContainers);
        own[depth] = 0;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth = Math.max(0, depth - 1);
        break;
      case 0x2c: // ,
        values += 1;
        if (values > limits.jsonValues) return exceeds('values', limits.jsonValues);
        break;
      case 0x3a: // :
        members += 1;
        if (members > limits.jsonMembers) return exceeds('members of objects', limits.jsonMembers);
        own[depth] = (own[depth] ?? 0) + 1;
        if ((own[depth] ?? 0) > limits.jsonMembersPerObject)
          return exceeds('members of one object', limits.jsonMembersPerObject);
        break;
    }
  }
  return undefined;
}

/** The index of the closing quote, or the length of the text if there is none. */
function endOfString(bytes: Uint8Array, opening: number): number {
  let at = opening + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function exceeds(what: string, limit: number): string {
  return `${what} than ${limit.toLocaleString('en')}`;
}
