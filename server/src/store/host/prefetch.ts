/** Fetches what waiting commands will need from the log, before they are decided: together, while nothing is locked. */
import { type Command, type CommandType, type Facts, limits, type Need } from '@badged/core';
import type { EngineReader } from '../engine.js';
import type { Job } from './job.js';
import { fetchNeeds } from './lookups.js';
import type { SharedApp } from './shared_app.js';

/** The commands that name messages. Deciding one of these takes microseconds, so that it can be tried first. */
const messageCommands: ReadonlySet<CommandType> = new Set<CommandType>([
  'read_message',
  'deliver_message',
  'delete_message',
  'mark_unread',
]);

/** An append takes no more. */
const commandsAtOnce = 1_000;

export async function prefetch(engine: EngineReader, app: SharedApp): Promise<void> {
  const fetching: Promise<void>[] = [];
  let commands = 0;
  for (const job of app.waiting) {
    for (const [place, { command }] of job.rest()) {
      commands += 1;
      if (commands > commandsAtOnce) break;
      if (!namesMessage(command)) continue;
      const fetched = fetchFor(engine, app, job, place, command);
      if (fetched !== undefined) fetching.push(fetched);
    }
  }
  if (fetching.length > 0) await Promise.all(fetching);
}

/** A message that is sent may be there already only if its sender chose its id. */
function namesMessage(command: Command): boolean {
  return command.type === 'send_message' ? command.identity !== undefined : messageCommands.has(command.type);
}

/** Undefined if there is nothing to fetch. */
function fetchFor(
  engine: EngineReader,
  app: SharedApp,
  job: Job,
  place: number,
  command: Command,
): Promise<void> | undefined {
  const needs = needsOf(app, command, job.factsOf(place));
  if (needs === undefined) return undefined;
  const found = job.factsAt(place, () => app.newFacts());
  if (found.read >= limits.lookBackMessagesPerRequest && command.type !== 'delete_message') return undefined;
  return Promise.resolve(fetchNeeds(engine, app, needs, found)).then(() =>
    fetchFor(engine, app, job, place, command),
  );
}

/** An error is found again by the append, which gives it to the caller. */
function needsOf(
  { machine }: SharedApp,
  command: Command,
  facts: Facts | undefined,
): readonly Need[] | undefined {
  try {
    return machine.decide(command, facts).needs;
  } catch {
    return undefined;
  }
}
