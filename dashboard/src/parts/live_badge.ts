/** A user's badge as the server streams it, for as long as the page is looked at: a hidden tab costs nobody a stream. */
import type { Badge } from '@badged/client/api';
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { api, isSignedOut } from '../server/api.js';
import { queries } from '../server/queries.js';

export interface LiveBadge {
  /** The latest that was told, also while paused. */
  readonly badge: Badge | undefined;
  readonly state: 'connecting' | 'live' | 'waiting' | 'paused' | 'ended';
  /** Why it ended. */
  readonly error: unknown;
}

const connecting: LiveBadge = { badge: undefined, state: 'connecting', error: null };

/** With a key of their own for each user, components never show one user's number as another's. */
export function useLiveBadge(app: string, user: string): LiveBadge {
  const isVisible = useDocumentVisibility() === 'visible';
  const [live, setLive] = useState(connecting);
  useEffect(() => {
    if (!isVisible) {
      setLive((last) => ({ ...last, state: 'paused' }));
      return;
    }
    const controller = new AbortController();
    const { signal } = controller;
    const tell = (news: Partial<LiveBadge>) => {
      if (!signal.aborted) setLive((last) => ({ ...last, error: null, ...news }));
    };
    follow(app, user, signal, tell).catch((error: unknown) => {
      tell({ state: 'ended', error });
      if (isSignedOut(error)) void queries.resetQueries({ queryKey: ['session'] });
    });
    return () => controller.abort();
  }, [app, user, isVisible]);
  return live;
}

async function follow(
  app_uuid: string,
  user_id: string,
  signal: AbortSignal,
  tell: (news: Partial<LiveBadge>) => void,
): Promise<void> {
  const stream = api.streamBadge({
    app_uuid,
    user_id,
    // With the unread list, so that a change which leaves the number alone is told as well.
    conversations: true,
    signal,
    onState: (state) => tell({ state: state === 'open' ? 'live' : state }),
  });
  for await (const badge of stream) tell({ badge });
}
