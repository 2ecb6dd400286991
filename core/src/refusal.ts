/**
 * Why a command or a query was refused. A refusal is a value, decided before anything changed; a
 * thrown error is a bug or a broken disk. The codes are stable: callers switch on them, and each HTTP shape
 * maps them to its own error table.
 */
import { limits } from './limits.js';

export type RefusalCode =
  | 'not_found'
  | 'invalid_property'
  | 'missing_property'
  | 'invalid_operation'
  | 'conflict'
  | 'id_in_use'
  | 'participant_blocked'
  | 'insufficient_storage';

export interface Refusal {
  readonly code: RefusalCode;
  /** A full sentence that says what to do. It may be shown to the caller as it is. */
  readonly message: string;
  /** The property of the request that is wrong, with invalid_property and missing_property. */
  readonly property?: string;
  /** The id of the existing resource, with conflict and id_in_use. Absent if it exists no more. */
  readonly existing?: string;
}

export function refuse(
  code: RefusalCode,
  message: string,
  more: Pick<Refusal, 'property' | 'existing'> = {},
): Refusal {
  return { code, message, ...more };
}

export function notFound(what: string): Refusal {
  return refuse('not_found', `${what} does not exist.`);
}

export function invalid(property: string, message: string): Refusal {
  return refuse('invalid_property', message, { property });
}

/** One request names, adds or removes more users than `limits.usersPerRequest`. `instead` says how to do it. */
export function tooManyUsers(property: string, count: number, instead: string): Refusal {
  const message = `One request may name ${limits.usersPerRequest} users; this one names ${count}. ${instead}`;
  return invalid(property, message);
}
