/** Layer Patch, as callers write it: operations on the properties of a resource. */
import { refuseInvalid } from './refused.js';

export interface PatchOperation {
  readonly operation: 'add' | 'remove' | 'set' | 'delete';
  readonly property: string;
  readonly value?: unknown;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : refuseInvalid('value', 'value must be one user id.');
}

export function texts(value: unknown): string[] {
  if (!Array.isArray(value)) refuseInvalid('value', 'value must be a list of user ids.');
  return value.map(text);
}
