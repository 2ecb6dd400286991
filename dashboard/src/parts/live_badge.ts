/** A user's live badge while the page is visible: a hidden tab opens no stream. */
import type { Badge } from '@badged/client/api';
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { api, isSignedOut } from '../server/api.js';
import { queries } from '../server/queries.js';

export interface LiveBadge {
  /** The latest badge, also while paused. */
  readonly badge: Badge | undefined;
  readonly state: 'connecting' | 'live' | 'waiting' | 'paused' | 'ended';
  /** Why it ended. */
  readonly error: unknown;
}

const connecting: LiveBadge = { badge: undefined, state: 'connecting', error: null };

/** Use it in a component with a key for each user, so that it never shows another user's badge. */
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
    const update = (change: Partial<LiveBadge>) => {
      if (!signal.aborted) setLive((last) => ({ ...last, error: null, ...change }));
    };
    follow(app, user, signal, update).catch((error: unknown) => {
      update({ state: 'ended', error });
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
  update: (change: Partial<LiveBadge>) => void,
): Promise<void> {
  const stream = api.streamBadge({
    app_uuid,
    user_id,
    // With the unread list, so that changes with the same badge are emitted too.
    conversations: true,
    signal,
    onState: (state) => update({ state: state === 'open' ? 'live' : state }),
  });
  for await (const badge of stream) update({ badge });
}
