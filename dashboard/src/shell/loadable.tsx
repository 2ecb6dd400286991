/**
 * A page whose code is loaded on demand, as with React's lazy(). A prepared page appears at once; lazy() would show its
 * fallback for at least 300 ms.
 */
import { type ComponentType, createElement, lazy, useState } from 'react';

export interface Loadable<P> {
  readonly Page: ComponentType<P>;
  /** Loads the code in advance. An error is reported when the page is shown. */
  readonly prepare: () => void;
}

export function loadable<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): Loadable<P> {
  let prepared: ComponentType<P> | undefined;
  const Lazy: ComponentType<P> = lazy(load);
  return {
    Page(props) {
      // Stays the same while it is shown: another component would lose its state.
      const [Shown] = useState<ComponentType<P>>(() => prepared ?? Lazy);
      return createElement(Shown, props);
    },
    prepare() {
      load().then(
        (module) => {
          prepared = module.default;
        },
        () => {},
      );
    },
  };
}
