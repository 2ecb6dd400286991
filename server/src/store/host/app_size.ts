/** How much memory an app takes, about. It costs nothing to know. */
import type { LoadedApp } from './apps.js';

/** In bytes: what an empty one takes. */
const emptyApp = 20_000;

export function sizeOf({ machine: { state } }: LoadedApp): number {
  return emptyApp + state.bytes;
}
