/** What a database lost that was restored from an older copy of itself, or that another one took over from. */
import type { LogPoint, SharedEngine } from '../shared_engine.js';
import type { SharedApp } from './shared_app.js';

/** Events of an app that were in memory, and are not in its log. */
export interface LostEvents {
  readonly first: number;
  readonly last: number;
  /** Events before the first one may be lost as well. */
  readonly isOpen: boolean;
}

/** `head` is the end of the log, where that is known. Undefined if nothing is lost. Call it before the app is dropped. */
export async function findLost(
  engine: Pick<SharedEngine, 'lastCommon'>,
  { number, committed, points }: SharedApp,
  head?: number,
): Promise<LostEvents | undefined> {
  const known = [...points.all()];
  const common = await engine.lastCommon(number, known);
  return lostAfter(common, { known, committed, ...(head !== undefined && { head }) });
}

export function lostAfter(
  common: LogPoint | undefined,
  memory: { readonly known: readonly LogPoint[]; readonly committed: number; readonly head?: number },
): LostEvents | undefined {
  const { known, committed: last, head = last } = memory;
  const firstPoint = known.find(({ seq }) => seq > (common?.seq ?? 0));
  const first = Math.min(firstPoint?.seq ?? last + 1, head + 1);
  if (first > last) return undefined;
  return { first, last, isOpen: common === undefined && first > 1 && first === firstPoint?.seq };
}

export function describeLost(app: string, { first, last, isOpen }: LostEvents): string {
  const open = isOpen ? ', and maybe some before them' : '';
  return `The database lost the events ${first} to ${last} of app ${app}${open}. They are not counted any more.`;
}
