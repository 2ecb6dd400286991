/** Names that callers give: of system senders, external counts, apps and tokens. */
import { checkName } from '@badged/core';
import { Refused, refuseInvalid } from './refused.js';

export function name(text: string, property: string, maxBytes: number): string {
  if (text.trim() === '') refuseInvalid(property, `${property} is empty. Give it a name.`);
  const refusal = checkName(property, property, text, maxBytes);
  if (refusal !== undefined) throw new Refused(refusal);
  return text;
}
