/**
 * What one participant has read of one conversation: a cursor up to which nothing counts, and disjoint ranges
 * above it that do not count either (read one by one, sent by them, or sent by a user they had blocked). Only this
 * file has the arithmetic of read state. No function changes its input.
 *
 * Every operation assigns "counts" or "does not count" to each of a set of positions, whatever was there
 * before. That is why applying a sequence of them to a state that already saw part of it ends the same, and
 * with it why a checkpoint may be taken row by row (docs/decisions/0002-fuzzy-checkpoints.md).
 */
import * as ranges from './ranges.js';

export interface ReadState {
  readonly cursor: number;
  readonly ranges: ranges.Ranges;
}

/** A participant starts at the head: messages from before they joined never count. */
export function startingAt(head: number): ReadState {
  return { cursor: head, ranges: ranges.noRanges };
}

/** The positions from … to do not count any more. Ranges that touch the cursor merge into it. */
export function acknowledge(state: ReadState, from: number, to: number): ReadState {
  if (to <= state.cursor || from > to) return state;
  return settle(state.cursor, ranges.add(state.ranges, Math.max(from, state.cursor + 1), to));
}

/**
 * The positions at or above `from` count again, except those in `except` (their own messages, and those of
 * senders they had blocked). `joined` is the head when they joined: nothing at or below it can count.
 */
export function markUnreadFrom(
  state: ReadState,
  from: number,
  joined: number,
  except: ranges.Ranges,
): ReadState {
  const start = Math.max(from, joined + 1);
  const acknowledged = ranges.below(state.ranges, start);
  for (let i = 0; i < except.length; i += 2) {
    const low = Math.max(except[i] ?? 0, start);
    ranges.insert(acknowledged, low, except[i + 1] ?? 0);
  }
  return settle(Math.min(state.cursor, start - 1), acknowledged);
}

export function sameReadState(a: ReadState, b: ReadState): boolean {
  return (
    a.cursor === b.cursor &&
    a.ranges.length === b.ranges.length &&
    a.ranges.every((position, index) => position === b.ranges[index])
  );
}

/** Whether the position does not count for this participant. */
export function isAcknowledged(state: ReadState, position: number): boolean {
  return position <= state.cursor || ranges.contains(state.ranges, position);
}

/**
 * Unread = head − cursor − acknowledged − what counts for no participant. `uncounted` are the conversation's deleted and
 * silent positions. `acknowledged` is the number of positions in the ranges; a caller that already has it passes it.
 */
export function unread(
  state: ReadState,
  head: number,
  uncounted: ranges.Ranges,
  acknowledged: number = ranges.size(state.ranges),
): number {
  const open = head - state.cursor - acknowledged;
  if (uncounted.length === 0 || open === 0) return open;
  const uncountable = ranges.countAbove(uncounted, state.cursor);
  if (uncountable === 0 || state.ranges.length === 0) return open - uncountable;
  return open - uncountable + ranges.countCommonAbove(uncounted, state.ranges, state.cursor);
}

/** The newest positions up to the head that are not acknowledged, newest first: at most so many. */
export function newestUnread({ cursor, ranges: open }: ReadState, head: number, limit: number): number[] {
  const found: number[] = [];
  let range = open.length - 2;
  for (let position = head; position > cursor && found.length < limit; ) {
    while (range >= 0 && (open[range] ?? 0) > position) range -= 2;
    if (range >= 0 && (open[range + 1] ?? 0) >= position) position = (open[range] ?? 0) - 1;
    else {
      found.push(position);
      position -= 1;
    }
  }
  return found;
}

function settle(cursor: number, open: ranges.Ranges): ReadState {
  const above = ranges.above(open, cursor);
  if (above[0] === cursor + 1) return { cursor: above[1] ?? cursor, ranges: above.slice(2) };
  return { cursor, ranges: above };
}
