/** The badges of the three users, each from its live stream. */
import { useEffect, useState } from 'react';
import { type Api, apiThrough, isSignedOut } from '../server/api.js';
import { queries } from '../server/queries.js';
import type { CallLog } from './call_log.js';
import { type Person, people } from './people.js';

export type LiveBadge = Awaited<ReturnType<Api['getBadge']>>;

export interface Heard {
  readonly badge: LiveBadge | undefined;
  readonly error: unknown;
}

export type HeardOf = Readonly<Record<Person, Heard>>;

const nothing: Heard = { badge: undefined, error: undefined };

/** Undefined where nothing was heard yet. What was heard last stays while it does not listen. */
export function useLiveBadges(app: string, listens: boolean, log: CallLog): HeardOf {
  const [heard, setHeard] = useState<HeardOf>({ alice: nothing, bob: nothing, carol: nothing });
  useEffect(() => {
    if (!listens) return;
    const stop = new AbortController();
    for (const person of people)
      listen(app, person, log, stop.signal, (news) => setHeard((before) => ({ ...before, [person]: news })));
    return () => stop.abort();
  }, [app, listens, log]);
  return heard;
}

async function listen(
  app: string,
  person: Person,
  log: CallLog,
  signal: AbortSignal,
  tell: (news: Heard) => void,
): Promise<void> {
  const through = apiThrough(log.through(`${person}'s phone listens`));
  try {
    const stream = through.streamBadge({ app_uuid: app, user_id: person, conversations: true, signal });
    for await (const badge of stream) {
      if (signal.aborted) return;
      tell({ badge, error: undefined });
      void queries.invalidateQueries({ queryKey: chatsKey(app, person) });
    }
  } catch (error) {
    if (signal.aborted) return;
    tell({ badge: undefined, error });
    if (isSignedOut(error)) void queries.resetQueries({ queryKey: ['session'] });
  }
}

/** Of the query for a person's conversations. */
export function chatsKey(app: string, person: Person): readonly string[] {
  return ['chats', app, person];
}
