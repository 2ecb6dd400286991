/**
 * Whether this window is the active playground. A browser opens at most six connections to a server, and the playground
 * needs three, so it is live in one window at a time: the last one that had the focus.
 */
import { useEffect, useState } from 'react';

const lockName = 'badged playground';

/** `hidden`: the window is not visible. `elsewhere`: another window is active. */
type Activity = 'hidden' | 'live' | 'elsewhere';

export function useWindowActivity(): Activity {
  const [activity, setActivity] = useState<Activity>('hidden');
  useEffect(() => {
    let turn: Turn | undefined;

    const stop = (why: Activity) => {
      turn?.end();
      turn = undefined;
      setActivity(why);
    };
    const start = () => {
      if (document.hidden || turn !== undefined) return;
      const mine = takeTurn(() => turn === mine && stop('elsewhere'));
      turn = mine;
      setActivity('live');
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
  return activity;
}

interface Turn {
  readonly end: () => void;
}

/** Holds the lock until `end()`, or until another window takes it. */
function takeTurn(onLost: () => void): Turn {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // Pages over plain HTTP have no locks, except on localhost.
  if ('locks' in navigator) navigator.locks.request(lockName, { steal: true }, () => ended).catch(onLost);
  return { end };
}
