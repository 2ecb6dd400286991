/**
 * The states of a notification channel's connection, and what each event makes of them. Pure: reads and writes are
 * effects, which channel_connection.ts executes.
 */

export type ChannelState =
  /** The channel has no topic of its user. */
  | 'unsubscribed'
  /** Unsubscribed while a read was in flight. Its result is dropped. */
  | 'unsubscribed_reading'
  /** The first read of the subscription is in flight. Its counts are what later ones are compared with. */
  | 'reading_first'
  /** As reading_first, and something changed after the read began: another read follows. */
  | 'reading_first_stale'
  /** Subscribed; the client has been sent every change, or the last read failed. */
  | 'idle'
  /** A later read is in flight. */
  | 'reading'
  /** A read is in flight, and something changed after it began: another read follows. */
  | 'reading_stale'
  /** The read in flight belongs to an earlier subscription. Its result is dropped, and the new one begins with a read. */
  | 'reading_outdated'
  | 'closed';

export type ChannelEvent =
  | 'subscribed'
  | 'unsubscribed'
  /** The counts may have changed. */
  | 'changed'
  /** The read in flight ended: with the counts, or with an error. */
  | 'read'
  | 'read_failed'
  | 'closed';

export type ChannelEffect =
  /** Be notified of the user's changes, and compare with nothing that an earlier subscription read. */
  | 'watch'
  | 'unwatch'
  | 'read'
  /** Write an event for each count that differs from the last read. */
  | 'write_differences'
  /**
   * Close the connection, since there is nothing that later counts could be compared with: a change in between would
   * never be sent. The client connects again, and reads the listing.
   */
  | 'give_up';

type Step = readonly [next: ChannelState, ...effects: ChannelEffect[]];
type Row = { readonly [event in ChannelEvent]: Step };

const ignoredWhenClosed: Step = ['closed'];

/** Events of a read cannot come while none is in flight: such cells stay. */
const table: { readonly [state in ChannelState]: Row } = {
  unsubscribed: {
    subscribed: ['reading_first', 'watch', 'read'],
    unsubscribed: ['unsubscribed'],
    changed: ['unsubscribed'],
    read: ['unsubscribed'],
    read_failed: ['unsubscribed'],
    closed: ['closed'],
  },
  unsubscribed_reading: {
    subscribed: ['reading_outdated', 'watch'],
    unsubscribed: ['unsubscribed_reading'],
    changed: ['unsubscribed_reading'],
    read: ['unsubscribed'],
    read_failed: ['unsubscribed'],
    closed: ['closed'],
  },
  reading_first: {
    subscribed: ['reading_first'],
    unsubscribed: ['unsubscribed_reading', 'unwatch'],
    changed: ['reading_first_stale'],
    read: ['idle', 'write_differences'],
    read_failed: ['closed', 'unwatch', 'give_up'],
    closed: ['closed', 'unwatch'],
  },
  reading_first_stale: {
    subscribed: ['reading_first_stale'],
    unsubscribed: ['unsubscribed_reading', 'unwatch'],
    changed: ['reading_first_stale'],
    read: ['reading', 'write_differences', 'read'],
    read_failed: ['closed', 'unwatch', 'give_up'],
    closed: ['closed', 'unwatch'],
  },
  idle: {
    subscribed: ['idle'],
    unsubscribed: ['unsubscribed', 'unwatch'],
    changed: ['reading', 'read'],
    read: ['idle'],
    read_failed: ['idle'],
    closed: ['closed', 'unwatch'],
  },
  reading: {
    subscribed: ['reading'],
    unsubscribed: ['unsubscribed_reading', 'unwatch'],
    changed: ['reading_stale'],
    read: ['idle', 'write_differences'],
    // The next change or heartbeat tries again.
    read_failed: ['idle'],
    closed: ['closed', 'unwatch'],
  },
  reading_stale: {
    subscribed: ['reading_stale'],
    unsubscribed: ['unsubscribed_reading', 'unwatch'],
    changed: ['reading_stale'],
    read: ['reading', 'write_differences', 'read'],
    read_failed: ['reading', 'read'],
    closed: ['closed', 'unwatch'],
  },
  reading_outdated: {
    subscribed: ['reading_outdated'],
    unsubscribed: ['unsubscribed_reading', 'unwatch'],
    changed: ['reading_outdated'],
    read: ['reading_first', 'read'],
    read_failed: ['reading_first', 'read'],
    closed: ['closed', 'unwatch'],
  },
  closed: {
    subscribed: ignoredWhenClosed,
    unsubscribed: ignoredWhenClosed,
    changed: ignoredWhenClosed,
    read: ignoredWhenClosed,
    read_failed: ignoredWhenClosed,
    closed: ignoredWhenClosed,
  },
};

export interface ChannelTransition {
  readonly next: ChannelState;
  /** To be executed in this order. */
  readonly effects: readonly ChannelEffect[];
}

export function nextChannelState(state: ChannelState, event: ChannelEvent): ChannelTransition {
  const [next, ...effects] = table[state][event];
  return { next, effects };
}

/** Whether all that was reported to the connection has been read. */
export function isSettled(state: ChannelState): boolean {
  return state === 'unsubscribed' || state === 'idle' || state === 'closed';
}
