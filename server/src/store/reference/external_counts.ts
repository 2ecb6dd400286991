/** External counts: numbers that the app sets for its own things, by user and name. */
import {
  type Command,
  checkName,
  checkUserId,
  invalid,
  limits,
  type Outcome,
  type Refusal,
} from '@badged/core';
import type { AppState } from './state.js';

export function setExternal(state: AppState, command: Command<'set_external'>): Outcome<'set_external'> {
  const changed = new Map<string, Map<string, number>>();
  for (const { user, name, count } of command.counts) {
    if (count !== null && !isAllowed(count)) {
      const message = `An external count is an integer from 0 to ${limits.externalCount}.`;
      return { refusal: invalid('external_unread_count', message) };
    }
    const wrong = checkUserId('user_id', user) ?? nameRefusal(name);
    if (wrong) return { refusal: wrong };
    if (count === null && !changed.has(user) && !state.external.has(user)) continue;
    const names = changed.get(user) ?? new Map(state.external.get(user));
    if (count === null) names.delete(name);
    else names.set(name, count);
    changed.set(user, names);
  }
  if ([...changed.values()].some((names) => names.size > limits.externalNamesPerUser)) {
    const message = `A user has up to ${limits.externalNamesPerUser} named external counts.`;
    return { refusal: invalid('external_unread_count', message) };
  }
  for (const [user, names] of changed) {
    state.external.set(user, names);
    state.known.add(user);
  }
  return { value: null };
}

/** The empty name is the unnamed count. */
function nameRefusal(name: string): Refusal | undefined {
  return name === '' ? undefined : checkName('name', 'The name of a count', name, limits.nameBytes);
}

function isAllowed(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= limits.externalCount;
}
