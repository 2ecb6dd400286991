/** The names that callers give to system senders, external counts, apps, tokens and devices. */
import { checkName } from '@badged/core';
import { Refused, refuseInvalid } from './refused.js';

/**
 * The name as it was given.
 *
 * @param property - The property of the request, for the refusal.
 * @param maxBytes - In UTF-8.
 */
export function checkedName(text: string, property: string, maxBytes: number): string {
  if (text.trim() === '') refuseInvalid(property, `${property} must not be empty.`);
  const refusal = checkName(property, property, text, maxBytes);
  if (refusal !== undefined) throw new Refused(refusal);
  return text;
}
