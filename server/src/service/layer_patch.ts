/** Layer Patch: a list of operations on the properties of a resource, with values that have yet to be checked. */
import { userId, userIds } from './ids.js';
import { refuseInvalid } from './refused.js';

export interface PatchOperation {
  readonly operation: 'add' | 'remove' | 'set' | 'delete';
  readonly property: string;
  readonly value?: unknown;
}

/** The value of an operation on one user. */
export function userOf(value: unknown): string {
  if (typeof value !== 'string') refuseInvalid('value', 'value must be one user id.');
  return userId(value, 'value');
}

/** The value of an operation on several users. */
export function usersOf(value: unknown): string[] {
  if (!Array.isArray(value)) refuseInvalid('value', 'value must be a list of user ids.');
  return userIds(value.map(textOf), 'value');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : refuseInvalid('value', 'value must be a list of user ids.');
}
