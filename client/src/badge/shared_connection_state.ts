/**
 * The states of one tab that shares a badge's stream with the other tabs of its origin, and what each event makes of
 * them. Pure: the lock, the stream, the timers and the messages are effects, which shared_badge.ts executes.
 */

export type SharedState =
  /** The page is frozen or left: it holds nothing, and nothing reaches it. */
  | 'asleep'
  /** The lock is requested. Another tab has the stream, and emits each badge. */
  | 'following'
  /** As following, but no tab responded: this one reads a stream of its own until one does. */
  | 'alone'
  /** As following, but the service refused this tab a stream: it opens none of its own until it wakes. */
  | 'following_refused'
  /** This tab has the lock and the stream. */
  | 'leading'
  /** The service refused the stream for now. Another tab may have the lock until the retry. */
  | 'backing_off'
  /** The service refused the stream for good. */
  | 'refused';

export type SharedEvent =
  /** The page woke, became visible, is online again, or asks for a refresh. */
  | 'wake'
  | 'sleep'
  /** The lock is held; it was taken away by other code. */
  | 'granted'
  | 'lost'
  /** The service refused this tab's stream. */
  | 'refused_for_now'
  | 'refused_for_good'
  /** The back-off is over. */
  | 'retry'
  /** Another tab asks how things are; with a sync, after checking that they still are so. */
  | 'asked'
  | 'asked_to_sync'
  /** The tab that has the stream emitted a badge or a state. */
  | 'updated'
  /** No tab responded in time, and this one is visible. */
  | 'unanswered'
  /** A visible tab checks regularly that the tab with the stream is awake. */
  | 'patrol';

export type SharedEffect =
  | 'request_lock'
  /** Open a stream. */
  | 'connect'
  | 'disconnect'
  /** Release the lock, and close the stream. */
  | 'release'
  /** Reconnect, unless the stream is fresh. */
  | 'sync'
  /** Ask the tab with the stream how things are, and wait for its response. */
  | 'ask'
  | 'ask_to_sync'
  | 'stop_waiting'
  /** Emit this tab's badge and state to the other tabs. */
  | 'publish'
  | 'start_patrol'
  | 'start_retry'
  | 'stop_retry'
  /** Pass what the event brought to the listener. */
  | 'notify'
  /** Release the lock, close the stream, stop all timers. */
  | 'stop';

type Step = readonly [next: SharedState, ...effects: SharedEffect[]];
type Row = { readonly [event in SharedEvent]: Step };

const stayAsleep: Step = ['asleep'];
const fallAsleep: Step = ['asleep', 'stop'];
const follow: Step = ['following'];
const alone: Step = ['alone'];
const followRefused: Step = ['following_refused'];
const lead: Step = ['leading'];
const backOff: Step = ['backing_off'];
const refused: Step = ['refused'];

/** An event that changes nothing where it cannot come, or no longer matters, leaves the state as it is. */
const table: { readonly [state in SharedState]: Row } = {
  asleep: {
    wake: ['following', 'request_lock', 'ask_to_sync', 'start_patrol'],
    sleep: stayAsleep,
    granted: stayAsleep,
    lost: stayAsleep,
    refused_for_now: stayAsleep,
    refused_for_good: stayAsleep,
    retry: stayAsleep,
    asked: stayAsleep,
    asked_to_sync: stayAsleep,
    updated: stayAsleep,
    unanswered: stayAsleep,
    patrol: stayAsleep,
  },
  following: {
    wake: ['following', 'ask_to_sync'],
    sleep: fallAsleep,
    granted: ['leading', 'connect'],
    lost: follow,
    refused_for_now: follow,
    refused_for_good: follow,
    retry: follow,
    asked: follow,
    asked_to_sync: follow,
    updated: ['following', 'stop_waiting', 'notify'],
    unanswered: ['alone', 'connect'],
    patrol: ['following', 'ask'],
  },
  alone: {
    wake: ['alone', 'sync', 'ask_to_sync'],
    sleep: fallAsleep,
    granted: ['leading', 'publish'],
    lost: alone,
    refused_for_now: ['following_refused', 'disconnect', 'notify'],
    refused_for_good: ['following_refused', 'disconnect', 'notify'],
    retry: alone,
    asked: alone,
    asked_to_sync: alone,
    // The tab with the stream is awake again, and one stream is enough.
    updated: ['following', 'stop_waiting', 'disconnect', 'notify'],
    unanswered: alone,
    patrol: ['alone', 'ask'],
  },
  following_refused: {
    wake: ['following', 'ask_to_sync'],
    sleep: fallAsleep,
    granted: ['leading', 'connect'],
    lost: followRefused,
    refused_for_now: followRefused,
    refused_for_good: followRefused,
    retry: followRefused,
    asked: followRefused,
    asked_to_sync: followRefused,
    updated: ['following_refused', 'notify'],
    unanswered: followRefused,
    patrol: ['following_refused', 'ask'],
  },
  leading: {
    wake: ['leading', 'sync'],
    sleep: fallAsleep,
    granted: lead,
    lost: ['following', 'disconnect', 'request_lock'],
    refused_for_now: ['backing_off', 'release', 'start_retry', 'notify'],
    refused_for_good: ['refused', 'release', 'notify'],
    retry: lead,
    asked: ['leading', 'publish'],
    asked_to_sync: ['leading', 'publish', 'sync'],
    updated: lead,
    unanswered: lead,
    patrol: lead,
  },
  backing_off: {
    wake: ['following', 'stop_retry', 'request_lock', 'ask_to_sync'],
    sleep: fallAsleep,
    granted: backOff,
    lost: backOff,
    refused_for_now: backOff,
    refused_for_good: backOff,
    retry: ['following_refused', 'request_lock'],
    asked: backOff,
    asked_to_sync: backOff,
    updated: ['backing_off', 'notify'],
    unanswered: backOff,
    patrol: ['backing_off', 'ask'],
  },
  refused: {
    wake: ['following', 'request_lock', 'ask_to_sync'],
    sleep: fallAsleep,
    granted: refused,
    lost: refused,
    refused_for_now: refused,
    refused_for_good: refused,
    retry: refused,
    asked: refused,
    asked_to_sync: refused,
    updated: ['refused', 'notify'],
    unanswered: refused,
    patrol: ['refused', 'ask'],
  },
};

/** The next state, and what to do in this order. */
export function nextSharedState(state: SharedState, event: SharedEvent): Step {
  return table[state][event];
}
