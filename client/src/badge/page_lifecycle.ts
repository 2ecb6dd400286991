/**
 * When a page sleeps and wakes. Asleep it runs nothing: it is frozen, or in the back-forward cache
 * (https://wicg.github.io/page-lifecycle/). It also wakes when it becomes visible or the network is back, since not every
 * browser fires an event when it puts a page to sleep.
 */

export interface Lifecycle {
  wake(): void;
  sleep(): void;
}

/** Returns a function that ends it. Without a page, nothing sleeps. */
export function followPage({ wake, sleep }: Lifecycle): () => void {
  if (typeof document === 'undefined') return () => {};
  const watched: readonly [EventTarget, string, (event: Event) => void][] = [
    [document, 'visibilitychange', () => isVisible() && wake()],
    [document, 'freeze', sleep],
    [document, 'resume', wake],
    [globalThis, 'pagehide', sleep],
    [globalThis, 'pageshow', (event) => event instanceof PageTransitionEvent && event.persisted && wake()],
    [globalThis, 'online', wake],
  ];
  for (const [target, type, listener] of watched) target.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of watched) target.removeEventListener(type, listener);
  };
}

export function isVisible(): boolean {
  return typeof document === 'undefined' || document.visibilityState === 'visible';
}
