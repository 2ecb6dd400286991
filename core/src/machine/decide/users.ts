/** Commands about users themselves: blocks and external counts. */
import type { BlockOperation, Command } from '../../command.js';
import { limits } from '../../limits.js';
import { invalid, type Refusal } from '../../refusal.js';
import { checkName, checkUserId } from '../../text.js';
import type { AppState } from '../state.js';
import { type Decision, type DecisionContext, done, Naming } from './decision.js';

export function changeBlocks(
  { state }: DecisionContext,
  command: Command<'change_blocks'>,
): Decision<'change_blocks'> {
  const refusal = checkBlockOperations(command);
  if (refusal !== undefined) return { refusal };
  const naming = new Naming(state);
  const before = [...state.users.blocked(state.users.number(command.owner))];
  const blocked = new Set(before);
  for (const operation of command.operations) {
    changeBlock(blocked, operation, naming);
    if (blocked.size > limits.blocksPerUser) return { refusal: tooManyBlocks() };
  }
  const after = [...blocked];
  if (after.length === before.length && after.every((user, index) => user === before[index]))
    return done(null);
  const owner = naming.number(command.owner);
  const { numbers, introductions } = naming.only([owner, ...after]);
  return done({ type: 'blocks', owner: numbers[0] ?? owner, blocked: numbers.slice(1), ...introductions });
}

export function setExternal(
  { state }: DecisionContext,
  command: Command<'set_external'>,
): Decision<'set_external'> {
  const naming = new Naming(state);
  const names = new NameCounts(state);
  const counts: [number, string, number | null][] = [];
  for (const { user, name, count } of command.counts) {
    const refusal = checkExternal(user, name, count);
    if (refusal !== undefined) return { refusal };
    if (count === null && naming.find(user) === 0) continue;
    const number = naming.number(user);
    if (names.after(number, name, count) > limits.externalNamesPerUser) {
      return {
        refusal: invalid('name', `A user may have ${limits.externalNamesPerUser} named external counts.`),
      };
    }
    const before = state.users.external(number).get(name) ?? null;
    const isRepeated = () => counts.some(([other, otherName]) => other === number && otherName === name);
    if (count !== before || isRepeated()) counts.push([number, name, count]);
  }
  const { users } = naming.introductions;
  if (counts.length === 0 && users === undefined) return done(null);
  return done({ type: 'external', counts, ...(users !== undefined && { users }) });
}

function changeBlock(blocked: Set<number>, operation: BlockOperation, naming: Naming): void {
  switch (operation.operation) {
    case 'add':
      blocked.add(naming.number(operation.user));
      return;
    case 'remove':
      blocked.delete(naming.find(operation.user));
      return;
    case 'set': {
      const wanted = new Set(operation.users.map((user) => naming.number(user)));
      for (const user of blocked) if (!wanted.has(user)) blocked.delete(user);
      for (const user of wanted) blocked.add(user);
    }
  }
}

function tooManyBlocks(): Refusal {
  return invalid('blocks', `A user may block ${limits.blocksPerUser} others.`);
}

function checkBlockOperations(command: Command<'change_blocks'>): Refusal | undefined {
  const owner = checkUserId('owner', command.owner);
  if (owner !== undefined) return owner;
  for (const operation of command.operations) {
    for (const user of operation.operation === 'set' ? operation.users : [operation.user]) {
      const refusal = checkUserId('user_id', user);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function checkExternal(user: string, name: string, count: number | null): Refusal | undefined {
  const badUser = checkUserId('user_id', user);
  if (badUser !== undefined) return badUser;
  const badName =
    name === '' ? undefined : checkName('name', "An external count's name", name, limits.nameBytes);
  if (badName !== undefined) return badName;
  if (count === null || (Number.isInteger(count) && count >= 0 && count <= limits.externalCount))
    return undefined;
  const message = `An external count is an integer from 0 to ${limits.externalCount}. Nothing was changed.`;
  return invalid('external_unread_count', message);
}

/** How many names each user would have after each count of the command. */
class NameCounts {
  readonly #state: AppState;
  readonly #names = new Map<number, Set<string>>();

  constructor(state: AppState) {
    this.#state = state;
  }

  after(user: number, name: string, count: number | null): number {
    const names = this.#names.get(user) ?? new Set(this.#state.users.external(user).keys());
    this.#names.set(user, names);
    if (count === null) names.delete(name);
    else names.add(name);
    return names.size;
  }
}
