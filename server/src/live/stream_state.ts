/**
 * The states of a live stream, and what each event makes of them. Pure: timers, reads and writes are effects, which
 * snapshot_stream.ts executes.
 */

export type StreamState =
  /** The reader has the newest snapshot, or the last read failed. */
  | 'idle'
  /** A read is in flight. */
  | 'reading'
  /** A read is in flight, and something changed after it began: another read follows. */
  | 'reading_stale'
  /** The reader takes nothing. Nothing is queued: the newest snapshot is read once there is room for it. */
  | 'blocked'
  /** As blocked, with a read in flight. Its snapshot is dropped. */
  | 'blocked_reading'
  /** As blocked_reading, and something changed after the read began. */
  | 'blocked_reading_stale'
  | 'closed';

export type StreamEvent =
  /** The snapshot, or the permission to read it, may have changed. */
  | 'changed'
  | 'heartbeat'
  /** What is in flight ended: a read, a check, either with an error, or because the token is no longer authorized. */
  | 'read'
  | 'checked'
  | 'read_failed'
  | 'unauthorized'
  /** What was written exceeds what the reader takes; and, later, the reader took all of it. */
  | 'filled'
  | 'drained'
  /** The reader took nothing until the timer ran out. */
  | 'timed_out'
  /** The service ends the stream. */
  | 'ended'
  /** The connection is gone. */
  | 'disconnected';

export type StreamEffect =
  /** Check the permission, then read a snapshot. */
  | 'read'
  /** Check the permission only: a reader who is blocked must be cut, too, once it ends. */
  | 'check'
  /** Write the snapshot that was read, unless the reader has it. */
  | 'write_snapshot'
  | 'write_heartbeat'
  | 'start_timer'
  | 'stop_timer'
  /** End the response in a way that the reader sees as an end. */
  | 'end'
  /** Cut the connection: a blocked reader would never receive an end. */
  | 'cut';

type Step = readonly [next: StreamState, ...effects: StreamEffect[]];
type Row = { readonly [event in StreamEvent]: Step };

const ignoredWhenClosed: Step = ['closed'];

/** Events of a read cannot come while none is in flight, and readers drain only after they filled: such cells stay. */
const table: { readonly [state in StreamState]: Row } = {
  idle: {
    changed: ['reading', 'read'],
    heartbeat: ['reading', 'write_heartbeat', 'read'],
    read: ['idle'],
    checked: ['idle'],
    read_failed: ['idle'],
    unauthorized: ['closed', 'end'],
    filled: ['blocked', 'start_timer'],
    drained: ['idle'],
    timed_out: ['idle'],
    ended: ['closed', 'end'],
    disconnected: ['closed'],
  },
  reading: {
    changed: ['reading_stale'],
    heartbeat: ['reading_stale', 'write_heartbeat'],
    read: ['idle', 'write_snapshot'],
    checked: ['reading'],
    // The next change or heartbeat tries again.
    read_failed: ['idle'],
    unauthorized: ['closed', 'end'],
    filled: ['blocked_reading', 'start_timer'],
    drained: ['reading'],
    timed_out: ['reading'],
    ended: ['closed', 'end'],
    disconnected: ['closed'],
  },
  reading_stale: {
    changed: ['reading_stale'],
    heartbeat: ['reading_stale', 'write_heartbeat'],
    read: ['reading', 'write_snapshot', 'read'],
    checked: ['reading', 'read'],
    read_failed: ['reading', 'read'],
    unauthorized: ['closed', 'end'],
    filled: ['blocked_reading_stale', 'start_timer'],
    drained: ['reading_stale'],
    timed_out: ['reading_stale'],
    ended: ['closed', 'end'],
    disconnected: ['closed'],
  },
  blocked: {
    changed: ['blocked_reading', 'check'],
    heartbeat: ['blocked_reading', 'check'],
    read: ['blocked'],
    checked: ['blocked'],
    read_failed: ['blocked'],
    unauthorized: ['closed', 'stop_timer', 'cut'],
    filled: ['blocked'],
    drained: ['reading', 'stop_timer', 'read'],
    timed_out: ['closed', 'cut'],
    ended: ['closed', 'stop_timer', 'cut'],
    disconnected: ['closed', 'stop_timer'],
  },
  blocked_reading: {
    changed: ['blocked_reading_stale'],
    heartbeat: ['blocked_reading_stale'],
    read: ['blocked'],
    checked: ['blocked'],
    read_failed: ['blocked'],
    unauthorized: ['closed', 'stop_timer', 'cut'],
    filled: ['blocked_reading'],
    // What is in flight may be a check without a snapshot.
    drained: ['reading_stale', 'stop_timer'],
    timed_out: ['closed', 'cut'],
    ended: ['closed', 'stop_timer', 'cut'],
    disconnected: ['closed', 'stop_timer'],
  },
  blocked_reading_stale: {
    changed: ['blocked_reading_stale'],
    heartbeat: ['blocked_reading_stale'],
    read: ['blocked_reading', 'check'],
    checked: ['blocked_reading', 'check'],
    read_failed: ['blocked_reading', 'check'],
    unauthorized: ['closed', 'stop_timer', 'cut'],
    filled: ['blocked_reading_stale'],
    drained: ['reading_stale', 'stop_timer'],
    timed_out: ['closed', 'cut'],
    ended: ['closed', 'stop_timer', 'cut'],
    disconnected: ['closed', 'stop_timer'],
  },
  closed: {
    changed: ignoredWhenClosed,
    heartbeat: ignoredWhenClosed,
    read: ignoredWhenClosed,
    checked: ignoredWhenClosed,
    read_failed: ignoredWhenClosed,
    unauthorized: ignoredWhenClosed,
    filled: ignoredWhenClosed,
    drained: ignoredWhenClosed,
    timed_out: ignoredWhenClosed,
    ended: ignoredWhenClosed,
    disconnected: ignoredWhenClosed,
  },
};

export interface Transition {
  readonly next: StreamState;
  /** To be executed in this order. */
  readonly effects: readonly StreamEffect[];
}

export function nextStreamState(state: StreamState, event: StreamEvent): Transition {
  const [next, ...effects] = table[state][event];
  return { next, effects };
}
