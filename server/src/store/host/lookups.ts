/** Fetches from the engine what a decision or a query needs from the log. */
import type { Facts, LoggedMessage, Need } from '@badged/core';
import type { SlicedWork } from '../../slices.js';
import type { EngineReader, OrPromise } from '../engine.js';
import type { LoadedApp } from './apps.js';
import type { Job } from './job.js';

/** How many messages one lookup reads. It takes a millisecond or two, and no request is served meanwhile. */
const messagesPerLookup = 500;

/** Fetches what the job's next command needs as the state is now, in slices. Nothing is applied. */
export async function fetchForNext(
  engine: EngineReader,
  loaded: LoadedApp,
  job: Job,
  work: SlicedWork,
): Promise<void> {
  for (let next = job.next; next !== undefined; ) {
    const pause = work.pause();
    if (pause !== undefined) await pause;
    const decision = loaded.machine.decide(next.command, job.facts);
    if (decision.needs === undefined) return;
    await fetchNeeds(
      engine,
      loaded,
      decision.needs,
      job.nextFacts(() => loaded.newFacts()),
    );
  }
}

/** The facts are complete when this returns or, if it returns a promise, when the promise resolves. */
export function fetchNeeds(
  engine: EngineReader,
  loaded: LoadedApp,
  needs: readonly Need[],
  facts: Facts,
): OrPromise<void> {
  const waiting: Promise<void>[] = [];
  for (const need of needs) {
    const fetched = fetchNeed(engine, loaded, need, facts);
    if (fetched instanceof Promise) waiting.push(fetched);
  }
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
}

function fetchNeed(
  engine: EngineReader,
  { number: app, recentIds }: LoadedApp,
  need: Need,
  facts: Facts,
): OrPromise<void> {
  if (need.kind !== 'chosen_id') {
    const found = engine.messagesBack(app, need.from, need.to, messagesPerLookup);
    return then(found, (messages) => facts.add(need, messages));
  }
  return then(recentIds.find(need.id) ?? engine.chosenId(app, need.id), (reference) => {
    if (reference === 0) return facts.setChosen(need.id, null);
    return then(engine.messagesBack(app, reference, 0, 1), ([found]) => {
      if (isNamed(found, need.id)) facts.setChosen(need.id, found);
      else facts.setDropped(need.id, reference);
    });
  });
}

function isNamed(found: LoggedMessage | undefined, id: string): found is LoggedMessage {
  return found?.message.id === id;
}

/** Continues at once if there is no promise to wait for. */
function then<V, W>(value: OrPromise<V>, next: (value: V) => OrPromise<W>): OrPromise<W> {
  return value instanceof Promise ? value.then(next) : next(value);
}
