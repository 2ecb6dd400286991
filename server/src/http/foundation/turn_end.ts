/**
 * When a read responds: at the end of the turn of the event loop in which it arrived, together with the others of that turn. The
 * kernel then wakes the client of a connection once for many responses, and not once for each, which costs more than a badge
 * does. A read that is alone waits for some microseconds.
 */

let turn: Promise<void> | undefined;

/** Resolves when everything that has arrived by now was received. */
export function endOfTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}
