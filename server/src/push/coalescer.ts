/** Gathers changes for a moment, so that fifty receipts in a row refresh a badge once, not fifty times. */
import type { Change } from '../store/push_port.js';
import type { Clock } from './clock.js';

export type ChangedAudience = Change['audience'];

type Refresh = (app: string, audiences: readonly ChangedAudience[]) => Promise<void>;

export interface CoalescerSettings {
  readonly waitMs: number;
  /** Users are handed on in lists of at most so many. */
  readonly usersPerList: number;
}

export class Coalescer {
  readonly #settings: CoalescerSettings;
  readonly #refresh: Refresh;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Gathered>();
  readonly #refreshing = new Set<string>();

  /**
   * `refresh` is called at most once in `waitMs` for each app, and at most `waitMs` after a change. If the previous
   * call lasts longer, the next one follows it: several at once would only slow each other down.
   */
  constructor(settings: CoalescerSettings, refresh: Refresh, clock: Clock) {
    this.#settings = settings;
    this.#refresh = refresh;
    this.#clock = clock;
  }

  add(app: string, audience: ChangedAudience): void {
    const gathered = this.#waiting.get(app) ?? this.#begin(app);
    if (audience.kind === 'everyone') gathered.everyone = true;
    else if (audience.kind === 'conversation') gathered.conversations.add(audience.conversation);
    else for (const user of audience.users) gathered.users.add(user);
  }

  close(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #begin(app: string): Gathered {
    const gathered = {
      everyone: false,
      conversations: new Set<string>(),
      users: new Set<string>(),
      cancel: this.#clock.setTimeout(() => this.#end(app), this.#settings.waitMs),
      isDue: false,
    };
    this.#waiting.set(app, gathered);
    return gathered;
  }

  #end(app: string): void {
    const gathered = this.#waiting.get(app);
    if (gathered === undefined) return;
    gathered.isDue = true;
    if (this.#refreshing.has(app)) return;
    this.#waiting.delete(app);
    this.#refreshing.add(app);
    void this.#refresh(app, audiences(gathered, this.#settings)).finally(() => {
      this.#refreshing.delete(app);
      if (this.#waiting.get(app)?.isDue === true) this.#end(app);
    });
  }
}

interface Gathered {
  everyone: boolean;
  readonly conversations: Set<string>;
  readonly users: Set<string>;
  readonly cancel: () => void;
  /** Its wait is over. */
  isDue: boolean;
}

/** The audience of all users comes first: the walk through all devices runs in the background. */
function audiences(gathered: Gathered, { usersPerList }: CoalescerSettings): ChangedAudience[] {
  const { everyone, conversations, users } = gathered;
  const lists: ChangedAudience[] = [];
  const all = [...users];
  for (let first = 0; first < all.length; first += usersPerList)
    lists.push({ kind: 'users', users: all.slice(first, first + usersPerList) });
  return [
    ...(everyone ? [{ kind: 'everyone' as const }] : []),
    ...lists,
    ...[...conversations].map((conversation) => ({ kind: 'conversation' as const, conversation })),
  ];
}
