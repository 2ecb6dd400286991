/**
 * Accounts the time of the event loop: each stretch of synchronous work is charged to the request that it is done for. The
 * stages of a request announce themselves, and a stretch lasts until the next announcement or the end of the turn. It is an
 * estimate: what runs in between without an announcement, such as the parsing of the next request's headers, is charged
 * to the one before.
 */

export interface Account {
  charge(ms: number): void;
}

/** There is one event loop, so there is one of each. */
let current: Account | undefined;
let since = 0;
let isTurnEndScheduled = false;

/** From now on, time is spent on this account; undefined: on none. */
export function spendOn(account: Account | undefined): void {
  if (account === current) return;
  const now = performance.now();
  const previous = current;
  current = account;
  const spent = now - since;
  since = now;
  previous?.charge(spent);
  if (account === undefined || isTurnEndScheduled) return;
  isTurnEndScheduled = true;
  setImmediate(endTurn);
}

/** The account that time is spent on, for work that is continued in a later turn. */
export function currentAccount(): Account | undefined {
  return current;
}

/** The loop may wait from here on, which is no work. */
function endTurn(): void {
  isTurnEndScheduled = false;
  spendOn(undefined);
}
