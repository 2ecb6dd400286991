/**
 * Changes that name many users at once. What is gathered for a single user is waited for by hundreds here: so a change of many is
 * gathered for half as long, and its devices are at work while a change of one user is still gathered. A device that had a
 * push a moment ago is gathered for the whole time all the same: a burst of such changes is not twice as many pushes.
 */
import type { DeviceWithBadge } from '../store/push_port.js';
import type { Clock } from './clock.js';
import { type ChangedAudience, Coalescer } from './coalescer.js';
import { UserBacklog, type UserBacklogDeps } from './user_backlog.js';

export interface LargeChangesDeps extends Pick<UserBacklogDeps, 'inBackground' | 'isClosed'> {
  readonly clock: Clock;
  /** How long a change of few users is gathered. */
  readonly coalesceMs: number;
  readonly usersPerCall: number;
  /** Of the users of the audience, those who have devices. */
  readonly recipients: (app: string, audience: ChangedAudience) => Promise<readonly string[]>;
  /** The devices of the users that do not have the right number. */
  readonly wrongDevices: (app: string, users: readonly string[]) => Promise<readonly DeviceWithBadge[]>;
  /** Whether the device had a push a moment ago. */
  readonly isChatty: (app: string, device: DeviceWithBadge) => boolean;
  readonly want: (app: string, devices: readonly DeviceWithBadge[]) => void;
}

export class LargeChanges {
  readonly #deps: LargeChangesDeps;
  readonly #coalescer: Coalescer;
  readonly #backlog: UserBacklog;
  readonly #waiting = new Set<() => void>();

  constructor(deps: LargeChangesDeps) {
    const { clock, coalesceMs, usersPerCall, inBackground, isClosed } = deps;
    this.#deps = deps;
    this.#backlog = new UserBacklog({
      usersPerCall,
      refresh: (app, users) => this.#refresh(app, users),
      inBackground,
      isClosed,
    });
    this.#coalescer = new Coalescer(
      { waitMs: coalesceMs / 2, usersPerList: Number.POSITIVE_INFINITY },
      async (app, audiences) => inBackground(() => this.#add(app, audiences)),
      clock,
    );
  }

  add(app: string, users: readonly string[]): void {
    this.#coalescer.add(app, { kind: 'users', users });
  }

  close(): void {
    this.#coalescer.close();
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }

  async #add(app: string, audiences: readonly ChangedAudience[]): Promise<void> {
    for (const audience of audiences) this.#backlog.add(app, await this.#deps.recipients(app, audience));
  }

  async #refresh(app: string, users: readonly string[]): Promise<void> {
    const { wrongDevices, isChatty, want } = this.#deps;
    const chatty: DeviceWithBadge[] = [];
    const others: DeviceWithBadge[] = [];
    for (const device of await wrongDevices(app, users))
      (isChatty(app, device) ? chatty : others).push(device);
    want(app, others);
    if (chatty.length > 0) this.#wantLater(app, chatty);
  }

  #wantLater(app: string, devices: readonly DeviceWithBadge[]): void {
    const { clock, coalesceMs, want, isClosed } = this.#deps;
    if (isClosed()) return;
    const cancel = clock.setTimeout(() => {
      this.#waiting.delete(cancel);
      want(app, devices);
    }, coalesceMs / 2);
    this.#waiting.add(cancel);
  }
}
