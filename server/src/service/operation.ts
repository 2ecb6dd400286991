/**
 * An operation is a use case that changes counts, checked but not yet executed. Making one checks the input and
 * waits for nothing, so that a batch can make many, which the store executes in one step.
 */
import type { Command, CommandType, Results } from '@badged/core';
import type { AlertContent } from '../store/push_port.js';
import { Refused } from './refused.js';
import type { Service } from './service.js';

export interface Operation<T extends CommandType = CommandType, R = unknown> {
  readonly command: Command<T>;
  /** What its push shows; undefined if nothing. */
  readonly alert?: AlertContent | undefined;
  /** Turns the result of the command into the result of the use case. Pure. */
  result(value: Results[T]): R;
}

/** The operation with its result mapped. */
export function withResult<T extends CommandType, A, B>(
  operation: Operation<T, A>,
  respond: (result: A) => B,
): Operation<T, B> {
  return { ...operation, result: (value) => respond(operation.result(value)) };
}

/** Executes one operation. Throws Refused if the store refuses its command. */
export async function execute<T extends CommandType, R>(
  service: Service,
  app: string,
  { command, alert, result }: Operation<T, R>,
): Promise<R> {
  const outcome = await service.store.execute<T>(app, command, alert);
  if (outcome.refusal !== undefined) throw new Refused(outcome.refusal);
  return result(outcome.value);
}

/** For operations without a result. */
export function done(): void {}
