/**
 * The one error of the service that a caller can act on. It carries the core's refusal, whether a check here
 * or the store decided it; each HTTP shape turns it into its own error table. Anything else thrown is a bug,
 * or StoreUnavailable.
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
