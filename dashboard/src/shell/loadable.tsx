/**
 * A page whose code is loaded when it is wanted. As React's lazy(), but one that has been prepared is there at once:
 * lazy() would show what stands in for it first, and then for no less than 300 ms.
 */
import { type ComponentType, createElement, lazy, useState } from 'react';

export interface Loadable<P> {
  readonly Page: ComponentType<P>;
  /** Loads the code, for when it is likely to be wanted. What goes wrong is for whoever shows the page. */
  readonly prepare: () => void;
}

export function loadable<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): Loadable<P> {
  let prepared: ComponentType<P> | undefined;
  const Lazy: ComponentType<P> = lazy(load);
  return {
    Page(props) {
      // The same for as long as it is shown: another component would begin anew.
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
