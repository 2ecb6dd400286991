/**
 * The icon of an installed web app (https://www.w3.org/TR/badging/). Every tab sets it, not one for all: which app's
 * icon it is, the browser decides by the address of the page that asks.
 */
import type { Surface } from './surface.js';

export function appBadge(): Surface | undefined {
  const { navigator } = globalThis;
  if (navigator === undefined || !('setAppBadge' in navigator)) return undefined;
  return {
    show(count) {
      // Without a number some platforms show a dot and some nothing; and one that has no such icon refuses.
      const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
      done.catch(() => {});
    },
    // The number outlives the page, and pushes keep it true from then on.
    restore() {},
  };
}
