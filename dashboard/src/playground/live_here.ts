/**
 * Whether this window is the one that listens. A browser opens six connections to one server, for all its windows
 * together, and three phones take three of them: the playground is live in one window at a time, the one that was
 * looked at last.
 */
import { useEffect, useState } from 'react';

const lockName = 'badged playground';

/** hidden: nobody looks, or not yet. elsewhere: another window took over. */
type Liveness = 'hidden' | 'live' | 'elsewhere';

export function useLiveHere(): Liveness {
  const [liveness, setLiveness] = useState<Liveness>('hidden');
  useEffect(() => {
    let turn: Turn | undefined;

    const stop = (why: Liveness) => {
      turn?.end();
      turn = undefined;
      setLiveness(why);
    };
    const start = () => {
      if (document.hidden || turn !== undefined) return;
      const mine = takeTurn(() => turn === mine && stop('elsewhere'));
      turn = mine;
      setLiveness('live');
    };
    const onVisibility = () => (document.hidden ? stop('hidden') : start());

    start();
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('focus', start);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('focus', start);
      stop('hidden');
    };
  }, []);
  return liveness;
}

interface Turn {
  readonly end: () => void;
}

/** Until it ends, or another window takes it. */
function takeTurn(onLost: () => void): Turn {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // A page that was loaded over plain HTTP from elsewhere has no locks.
  if ('locks' in navigator) navigator.locks.request(lockName, { steal: true }, () => ended).catch(onLost);
  return { end };
}
