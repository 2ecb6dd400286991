/**
 * Whether this window is the one that listens. A browser opens six connections to one server, for all its windows
 * together, and three phones take three of them: the playground is live in one window at a time, the one that was
 * looked at last.
 */
import { useEffect, useState } from 'react';

const lockName = 'badged playground';

export function useLiveHere() {
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    let release: (() => void) | undefined;

    const stop = () => {
      release?.();
      release = undefined;
      setLive(false);
    };
    const start = () => {
      if (document.hidden || release !== undefined) return;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      setLive(true);
      takeLock(held, stop);
    };
    const onVisibility = () => (document.hidden ? stop() : start());

    start();
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('focus', start);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('focus', start);
      stop();
    };
  }, []);
  return isLive;
}

/** Until it is no longer wanted, or another window takes it. */
function takeLock(held: Promise<void>, onLost: () => void): void {
  // A page that was loaded over plain HTTP from elsewhere has no locks.
  if (!('locks' in navigator)) return;
  navigator.locks.request(lockName, { steal: true }, () => held).catch(onLost);
}
