/** What every error answer has to look like. */
import { expect } from 'vitest';
import { type ErrorId, errorTable } from '../../src/http/foundation/errors.js';
import type { World } from './world.js';

export type Answer = Awaited<ReturnType<World['send']>>;

/** The answer is this error, in its whole shape. */
export function expectError(answer: Answer, id: ErrorId, data: object = {}): void {
  const { code, status } = errorTable[id];
  expect(answer.json()).toMatchObject({ id, code, data });
  expect(answer.statusCode).toBe(status);
  expect(answer.json().message).toMatch(/^[\p{L}\p{N}/].+[.?]$/u);
  expect(answer.json().url).toMatch(new RegExp(`^http://.+/errors/${id}$`));
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
}
