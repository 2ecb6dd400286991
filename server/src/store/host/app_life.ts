/** The life of an app in a server's memory, as a state machine without effects. loading.ts executes it. */

/**
 * An app that is unloading still serves: its last changes are being written into its checkpoint, so that the next load is
 * quick. One that is needed meanwhile stays.
 */
export type AppState = 'unloaded' | 'loading' | 'loaded' | 'unloading';

export type AppEvent =
  /** A request, a subscriber or a walk through devices needs it. */
  | 'needed'
  | 'restored'
  | 'failed'
  /** It is idle, or memory is short. */
  | 'chosen'
  /** Its checkpoint is written as far as this server may. */
  | 'written'
  /** Its memory is not the log's any more, or it was deleted. */
  | 'lost';

const transitions: Readonly<Record<AppState, Partial<Record<AppEvent, AppState>>>> = {
  unloaded: { needed: 'loading' },
  loading: { restored: 'loaded', failed: 'unloaded' },
  loaded: { chosen: 'unloading', lost: 'unloaded' },
  unloading: { needed: 'loaded', failed: 'loaded', written: 'unloaded', lost: 'unloaded' },
};

/** An event that means nothing in this state changes nothing. */
export function nextAppState(state: AppState, event: AppEvent): AppState {
  return transitions[state][event] ?? state;
}
