/**
 * The error of a request that the service refuses: the caller can correct it. It holds a refusal of the core, which a
 * check of the service or the store decided; each API turns it into its own error format. Any other error is
 * StoreUnavailable or a bug.
 */
import { invalid, notFound, type Refusal, refuse } from '@badged/core';

export class Refused extends Error {
  override name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function refuseInvalid(property: string, message: string): never {
  throw new Refused(invalid(property, message));
}

export function refuseMissing(property: string, message: string): never {
  throw new Refused(refuse('missing_property', message, { property }));
}

export function refuseNotFound(what: string): never {
  throw new Refused(notFound(what));
}

export function orNotFound<T>(value: T | undefined, what: string): T {
  return value === undefined ? refuseNotFound(what) : value;
}
