/** The states of one badge's connection, and what each event makes of them. Pure. */

/** What a page is shown of it. */
export type ConnectionState = 'connecting' | 'live' | 'waiting';

export type ConnectionStep =
  | ConnectionState
  /** The token was refused and another one was asked for: as connecting and waiting, but a second refusal is final. */
  | 'renewed_connecting'
  | 'renewed_waiting'
  | 'ended';

export type ConnectionEvent =
  /** The stream connects, is open, or waits before it reconnects. */
  | 'connecting'
  | 'open'
  | 'waiting'
  /** The token is refused, and another one can be asked for: it may have expired. */
  | 'expired'
  /** Refused for any other reason, or closed by the page. */
  | 'ended';

type Row = { readonly [event in ConnectionEvent]: ConnectionStep };

const withAnyToken: Row = {
  connecting: 'connecting',
  open: 'live',
  waiting: 'waiting',
  expired: 'renewed_connecting',
  ended: 'ended',
};
const withNewToken: Row = {
  connecting: 'renewed_connecting',
  open: 'live',
  waiting: 'renewed_waiting',
  // A token that is refused when it is new has not expired.
  expired: 'ended',
  ended: 'ended',
};
const afterTheEnd: Row = {
  connecting: 'ended',
  open: 'ended',
  waiting: 'ended',
  expired: 'ended',
  ended: 'ended',
};

const table: { readonly [step in ConnectionStep]: Row } = {
  connecting: withAnyToken,
  live: withAnyToken,
  waiting: withAnyToken,
  renewed_connecting: withNewToken,
  renewed_waiting: withNewToken,
  ended: afterTheEnd,
};

export function nextConnectionStep(step: ConnectionStep, event: ConnectionEvent): ConnectionStep {
  return table[step][event];
}
