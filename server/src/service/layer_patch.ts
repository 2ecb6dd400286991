/** Layer Patch: a list of operations on the properties of a resource, with values that have yet to be checked. */
import { checkUserCount, userId, userIds } from './ids.js';
import { refuseInvalid } from './refused.js';

export interface PatchOperation {
  readonly operation: 'add' | 'remove' | 'set' | 'delete';
  readonly property: string;
  readonly value?: unknown;
}

/** The value of `add` and `remove`: one user, or a list of users. */
export function oneOrMoreUsers(value: unknown): string[] {
  return typeof value === 'string' ? [userId(value, 'value')] : usersOf(value);
}

/** Refuses a patch that names more users than one request may. Call it before any of them is read. */
export function checkPatchUsers(patch: readonly PatchOperation[]): void {
  let named = 0;
  for (const { value } of patch) named += Array.isArray(value) ? value.length : 1;
  checkUserCount(named, 'value');
}

/** The value of an operation on several users. */
export function usersOf(value: unknown): string[] {
  if (!Array.isArray(value)) refuseInvalid('value', 'value must be a list of user ids.');
  return userIds(value.map(textOf), 'value');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : refuseInvalid('value', 'value must be a list of user ids.');
}
