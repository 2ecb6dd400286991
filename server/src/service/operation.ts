/**
 * Operations: what a use case that changes counts comes to before it is executed. Making one checks the input and
 * waits for nothing, so that a batch can make many and have the store execute them in one step.
 */
import type { Command, CommandType, Results } from '@badged/core';
import type { AlertContent } from '../store/push_port.js';
import { Refused } from './refused.js';
import type { Service } from './service.js';

export interface Operation<T extends CommandType = CommandType, R = unknown> {
  readonly command: Command<T>;
  /** What a push of it says; undefined if it shows nothing. */
  readonly alert?: AlertContent | undefined;
  /** What the result of the command means to the caller. Pure. */
  result(value: Results[T]): R;
}

/** The operation with what a caller makes of its result. */
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

/** For operations after which there is nothing to say. */
export function done(): void {}
