/**
 * The states of one device in its lane, and the next state for each event. Pure: the queue, the timers and the pushes
 * are effects, which lane.ts executes. Promise 7 for one device can be read here: a device with something to send is
 * sending, ready, or waits for a timer, and a number that may have been overtaken is sent once more.
 */

export type LaneStateName =
  /** There is nothing to send. */
  | 'idle'
  /** In the queue: a push begins as soon as the breaker allows one more. */
  | 'ready'
  /** A push is in flight. */
  | 'sending'
  /** A push is in flight, and there may be something to send after it. */
  | 'sending_more'
  /** Waits to try again. */
  | 'retrying'
  /** It accepted its number, but an older push may still arrive: waits to send the number once more. */
  | 'confirming'
  /** Its number changed while the last push was in flight: waits, so that further changes are sent with it. */
  | 'gathering'
  /** It got its number so often that its provider would delay the next push: waits for its pace, with the newest. */
  | 'held_back'
  | 'closed';

export interface LaneState {
  readonly name: LaneStateName;
  /** How many pushes in a row failed. */
  readonly attempts: number;
  /** A push that began before this time (of the lane's clock) has to be confirmed: an older one may arrive after it. */
  readonly doubtUntil: number;
}

export type LaneEvent =
  /** The number may be wrong, or an alert is to be sent. */
  | { readonly type: 'wanted' }
  /** There is something to send that does not wait for the device's pace: an alert, or the 0 of one that unregisters. */
  | { readonly type: 'urgent' }
  /** The lane took it from its queue, but its pace allows no push yet. */
  | { readonly type: 'held_back'; readonly delayMs: number }
  /** The lane took it from its queue. */
  | { readonly type: 'started' }
  /** An older push to the device, without a response, may arrive until this time. */
  | { readonly type: 'doubted'; readonly until: number }
  /** The push is over, and the device has what it should have. */
  | { readonly type: 'finished' }
  /** The push is over, and there is more to send. */
  | { readonly type: 'more' }
  /** The push is over, and the number changed while it was in flight. */
  | { readonly type: 'changed'; readonly delayMs: number }
  /** The number was accepted, but an older push may still arrive. */
  | { readonly type: 'accepted_in_doubt'; readonly delayMs: number }
  /** Another push to the device is in flight elsewhere. */
  | { readonly type: 'busy'; readonly delayMs: number }
  | { readonly type: 'failed'; readonly delayMs: number }
  | { readonly type: 'timer' }
  /** The app's credentials changed: nothing needs to be waited for. */
  | { readonly type: 'renewed' }
  | { readonly type: 'closed' };

export type LaneEffect =
  /** Put it at the end of the lane's queue. */
  | { readonly type: 'enqueue' }
  | { readonly type: 'start_timer'; readonly delayMs: number }
  | { readonly type: 'stop_timer' }
  /** Forget the device. */
  | { readonly type: 'release' };

type Step = readonly [next: LaneStateName, ...effects: LaneEffect['type'][]];
type Row = { readonly [event in LaneEvent['type']]: Step };

/** An event that cannot come in a state, such as the end of a push that was not started, leaves it as it is. */
const table: { readonly [state in LaneStateName]: Row } = {
  idle: {
    wanted: ['ready', 'enqueue'],
    urgent: ['ready', 'enqueue'],
    held_back: ['idle'],
    started: ['idle'],
    doubted: ['idle'],
    finished: ['idle'],
    more: ['idle'],
    changed: ['idle'],
    accepted_in_doubt: ['idle'],
    busy: ['idle'],
    failed: ['idle'],
    timer: ['idle'],
    renewed: ['idle'],
    closed: ['closed'],
  },
  ready: {
    wanted: ['ready'],
    urgent: ['ready'],
    held_back: ['held_back', 'start_timer'],
    started: ['sending'],
    doubted: ['ready'],
    finished: ['ready'],
    more: ['ready'],
    changed: ['ready'],
    accepted_in_doubt: ['ready'],
    busy: ['ready'],
    failed: ['ready'],
    timer: ['ready'],
    renewed: ['ready'],
    closed: ['closed'],
  },
  sending: {
    wanted: ['sending_more'],
    urgent: ['sending_more'],
    held_back: ['sending'],
    started: ['sending'],
    doubted: ['sending'],
    finished: ['idle', 'release'],
    more: ['ready', 'enqueue'],
    changed: ['gathering', 'start_timer'],
    accepted_in_doubt: ['confirming', 'start_timer'],
    busy: ['retrying', 'start_timer'],
    failed: ['retrying', 'start_timer'],
    timer: ['sending'],
    renewed: ['sending'],
    closed: ['closed'],
  },
  sending_more: {
    wanted: ['sending_more'],
    urgent: ['sending_more'],
    held_back: ['sending_more'],
    started: ['sending_more'],
    doubted: ['sending_more'],
    finished: ['ready', 'enqueue'],
    more: ['ready', 'enqueue'],
    changed: ['ready', 'enqueue'],
    // The doubt stays: the next push is the confirmation, or is confirmed in turn.
    accepted_in_doubt: ['ready', 'enqueue'],
    busy: ['retrying', 'start_timer'],
    // The retry computes the number anew, and takes the alerts that came.
    failed: ['retrying', 'start_timer'],
    timer: ['sending_more'],
    renewed: ['sending_more'],
    closed: ['closed'],
  },
  retrying: {
    wanted: ['retrying'],
    urgent: ['retrying'],
    held_back: ['retrying'],
    started: ['retrying'],
    doubted: ['retrying'],
    finished: ['retrying'],
    more: ['retrying'],
    changed: ['retrying'],
    accepted_in_doubt: ['retrying'],
    busy: ['retrying'],
    failed: ['retrying'],
    timer: ['ready', 'enqueue'],
    renewed: ['ready', 'stop_timer', 'enqueue'],
    closed: ['closed', 'stop_timer'],
  },
  confirming: {
    wanted: ['ready', 'stop_timer', 'enqueue'],
    urgent: ['ready', 'stop_timer', 'enqueue'],
    held_back: ['confirming'],
    started: ['confirming'],
    doubted: ['confirming'],
    finished: ['confirming'],
    more: ['confirming'],
    changed: ['confirming'],
    accepted_in_doubt: ['confirming'],
    busy: ['confirming'],
    failed: ['confirming'],
    timer: ['ready', 'enqueue'],
    renewed: ['ready', 'stop_timer', 'enqueue'],
    closed: ['closed', 'stop_timer'],
  },
  gathering: {
    wanted: ['ready', 'stop_timer', 'enqueue'],
    urgent: ['ready', 'stop_timer', 'enqueue'],
    held_back: ['gathering'],
    started: ['gathering'],
    doubted: ['gathering'],
    finished: ['gathering'],
    more: ['gathering'],
    changed: ['gathering'],
    accepted_in_doubt: ['gathering'],
    busy: ['gathering'],
    failed: ['gathering'],
    timer: ['ready', 'enqueue'],
    renewed: ['ready', 'stop_timer', 'enqueue'],
    closed: ['closed', 'stop_timer'],
  },
  held_back: {
    // The push that comes next computes the number anew.
    wanted: ['held_back'],
    urgent: ['ready', 'stop_timer', 'enqueue'],
    held_back: ['held_back'],
    started: ['held_back'],
    doubted: ['held_back'],
    finished: ['held_back'],
    more: ['held_back'],
    changed: ['held_back'],
    accepted_in_doubt: ['held_back'],
    busy: ['held_back'],
    failed: ['held_back'],
    timer: ['ready', 'enqueue'],
    renewed: ['ready', 'stop_timer', 'enqueue'],
    closed: ['closed', 'stop_timer'],
  },
  closed: {
    wanted: ['closed'],
    urgent: ['closed'],
    held_back: ['closed'],
    started: ['closed'],
    doubted: ['closed'],
    finished: ['closed'],
    more: ['closed'],
    changed: ['closed'],
    accepted_in_doubt: ['closed'],
    busy: ['closed'],
    failed: ['closed'],
    timer: ['closed'],
    renewed: ['closed'],
    closed: ['closed'],
  },
};

export const idle: LaneState = { name: 'idle', attempts: 0, doubtUntil: 0 };

export interface LaneTransition {
  readonly state: LaneState;
  readonly effects: readonly LaneEffect[];
}

/** The next state, and the effects to execute. */
export function laneTransition(state: LaneState, event: LaneEvent): LaneTransition {
  const [name, ...effects] = table[state.name][event.type];
  return {
    state: { name, attempts: attemptsAfter(state, event), doubtUntil: doubtAfter(state, event) },
    effects: effects.map((type) => effectOf(type, event)),
  };
}

/** A push ended with these, and did not fail. */
const overTypes: ReadonlySet<LaneEvent['type']> = new Set([
  'finished',
  'more',
  'changed',
  'accepted_in_doubt',
]);

/** Only a push that is in flight can fail or succeed. */
function attemptsAfter({ name, attempts }: LaneState, { type }: LaneEvent): number {
  if (name !== 'sending' && name !== 'sending_more') return attempts;
  if (type === 'failed') return attempts + 1;
  return overTypes.has(type) ? 0 : attempts;
}

function doubtAfter({ doubtUntil }: LaneState, event: LaneEvent): number {
  return event.type === 'doubted' ? Math.max(doubtUntil, event.until) : doubtUntil;
}

function effectOf(type: LaneEffect['type'], event: LaneEvent): LaneEffect {
  if (type !== 'start_timer') return { type };
  return { type, delayMs: 'delayMs' in event ? event.delayMs : 0 };
}
