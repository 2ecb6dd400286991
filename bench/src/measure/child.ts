/**
 * Processes of their own: for a server beside its load, and for what must be measured in fresh memory. They
 * answer with plain messages, of which the fields are read one by one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export function startChild(script: URL, input: object): ChildProcess {
  const child = fork(script, { execArgv: ['--expose-gc'] });
  child.send(input);
  return child;
}

/** The one message that the script answers with; it may end as it likes after that. */
export async function runChild(script: URL, input: object): Promise<unknown> {
  const child = startChild(script, input);
  const ended = once(child, 'exit');
  const message = await nextMessage(child);
  await ended;
  return message;
}

export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const onExit = (code: number | null) =>
    ended.abort(new Error(`a process ended with ${code} and no answer`));
  child.once('exit', onExit);
  try {
    const [message] = await once(child, 'message', { signal: ended.signal });
    return message;
  } finally {
    child.off('exit', onExit);
  }
}

/** In a child: what it was started with. It ends when whoever started it does. */
export async function input(): Promise<unknown> {
  process.once('disconnect', () => process.exit());
  const [message] = await once(process, 'message');
  return message;
}

/** In a child: back when the message is on its way. */
export async function answer(message: object): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    if (process.send === undefined) throw new Error('this script is started by a benchmark');
    process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}

export function numberIn(message: unknown, field: string): number {
  const value = fieldOf(message, field);
  if (typeof value !== 'number') throw new Error(`${field} is no number`);
  return value;
}

export function textIn(message: unknown, field: string): string {
  const value = fieldOf(message, field);
  if (typeof value !== 'string') throw new Error(`${field} is no text`);
  return value;
}

export function listIn(message: unknown, field: string): unknown[] {
  const value = fieldOf(message, field);
  if (!Array.isArray(value)) throw new Error(`${field} is no list`);
  return value;
}

export function fieldOf(message: unknown, field: string): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, field) : undefined;
}
