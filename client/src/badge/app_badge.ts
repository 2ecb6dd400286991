/**
 * The icon of an installed web app (https://www.w3.org/TR/badging/). Every tab sets it, not one for all: the browser
 * decides by the URL of the page which app's icon it is.
 */
import type { Surface } from './surface.js';

export function appBadge(): Surface | undefined {
  const { navigator } = globalThis;
  if (navigator === undefined || !('setAppBadge' in navigator)) return undefined;
  return {
    show(count) {
      // At 0, setAppBadge shows a dot on some platforms. A platform without such an icon rejects the call.
      const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
      done.catch(() => {});
    },
    // The number stays when the page is closed: from then on, pushes update it.
    restore() {},
  };
}
