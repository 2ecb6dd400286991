/** Gathers what changed for a moment, so that fifty receipts in a row are one look at a badge, not fifty. */
import type { Change } from '../store/push_port.js';

export type ChangedAudience = Change['audience'];

export class Coalescer {
  readonly #waitMs: number;
  readonly #look: (app: string, audiences: readonly ChangedAudience[]) => void;
  readonly #waiting = new Map<string, Gathered>();

  /** `look` is told at most once in `waitMs` for each app, and no later than that after a change. */
  constructor(waitMs: number, look: (app: string, audiences: readonly ChangedAudience[]) => void) {
    this.#waitMs = waitMs;
    this.#look = look;
  }

  add(app: string, audience: ChangedAudience): void {
    const gathered = this.#waiting.get(app) ?? this.#begin(app);
    if (audience.kind === 'everyone') gathered.everyone = true;
    else if (audience.kind === 'conversation') gathered.conversations.add(audience.conversation);
    else for (const user of audience.users) gathered.users.add(user);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #begin(app: string): Gathered {
    const timer = setTimeout(() => this.#end(app), this.#waitMs);
    timer.unref();
    const gathered = { everyone: false, conversations: new Set<string>(), users: new Set<string>(), timer };
    this.#waiting.set(app, gathered);
    return gathered;
  }

  #end(app: string): void {
    const gathered = this.#waiting.get(app);
    this.#waiting.delete(app);
    if (gathered !== undefined) this.#look(app, audiences(gathered));
  }
}

interface Gathered {
  everyone: boolean;
  readonly conversations: Set<string>;
  readonly users: Set<string>;
  readonly timer: NodeJS.Timeout;
}

function audiences({ everyone, conversations, users }: Gathered): ChangedAudience[] {
  if (everyone) return [{ kind: 'everyone' }];
  const named = users.size > 0 ? [{ kind: 'users' as const, users: [...users] }] : [];
  return [
    ...named,
    ...[...conversations].map((conversation) => ({ kind: 'conversation' as const, conversation })),
  ];
}
