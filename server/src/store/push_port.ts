/**
 * What push delivery stores: devices with the number each last accepted, the outbox of alerts that are not
 * settled, and sealed credentials. A badge that changed needs no row here: that a device's accepted number
 * differs from the badge is the record of it (docs/decisions/0004-no-outbox-for-badges.md). Several nodes may
 * work on one store: a node claims what it works on, until a time. Times are times of day, in milliseconds.
 */
import type { Audience } from '@badged/core';
import type { Platform, PushTarget } from '../push_target.js';

export type { Audience } from '@badged/core';

export interface Device {
  /** As the app names it; unique in the app. */
  readonly id: string;
  readonly user: string;
  readonly target: PushTarget;
  readonly registeredAt: number;
  /** When it last registered or accepted a push: the least recently used makes room. */
  readonly usedAt: number;
  /** The number it last accepted; null while unknown: it is new, or a push is in flight, or was when a node died. */
  readonly accepted: number | null;
  readonly acceptedAt: number | null;
  /** It was unregistered: it is to be sent 0, and then forgotten. */
  readonly isUnregistering: boolean;
}

export interface DeviceWithBadge extends Device {
  /** What its icon should show now: 0 while it is unregistering; null where badges are disabled. */
  readonly badge: number | null;
}

export interface NewDevice {
  readonly id: string;
  readonly user: string;
  readonly target: PushTarget;
}

export interface RegisterOptions {
  readonly devicesPerUser: number;
  readonly now: number;
  /**
   * Whether an id moves from another user only if the stored target is shown again: anyone may know an id, but only the
   * device knows its target. A device that is unregistering has no user any more, and moves in any case.
   */
  readonly movesByTargetOnly?: boolean;
}

/** What an app asked to show, as it was accepted: JSON that the store does not read. */
export interface AlertContent {
  readonly notification: string;
  readonly expiresAt: number;
}

/** A row of the outbox: one for each message, announcement or notification, however many it goes to. */
export interface OutboxAlert {
  readonly app: string;
  readonly id: number;
  readonly audience: Audience;
  readonly content: AlertContent;
  /** The devices that are done with it, from before this node claimed it. */
  readonly settled: ReadonlySet<string>;
}

/** A push that a caller wants to send to one device. */
export interface WantedPush {
  readonly device: string;
  /** A device that is on another platform by now counts as gone. */
  readonly platform: Platform;
  /** Whether the platform takes the number without an alert. */
  readonly takesBadgeAlone: boolean;
  /** The user of the alert that waits for this device, if one does. No other user is shown it. */
  readonly alertFor?: string;
  /** A number that the device refused: it is not sent alone again. */
  readonly refused?: number;
}

/** The result of a claim for a wanted push. */
export type Claim =
  /** There is no such device any more. */
  | { readonly kind: 'gone' }
  /** There is nothing to send: it has the right number, or takes none without an alert. */
  | { readonly kind: 'right'; readonly device: Device }
  /** Another push to it is in flight, or it registered anew at this moment. */
  | { readonly kind: 'busy' }
  /** It is the caller's. What it accepted is unknown by now, and no longer what `device` says. */
  | {
      readonly kind: 'claimed';
      readonly device: Device;
      /** The number to send, computed after the claim was durable; null for none. */
      readonly badge: number | null;
      /** Whether the alert that waits may be shown. */
      readonly showsAlert: boolean;
      /** The server that claimed it, where there are several. To be handed to `settle`. */
      readonly claimedBy?: string;
      /** Until when a push of another server may still arrive, as a time of day, if one may. */
      readonly doubtUntil?: number;
    };

/** How long a push may be on its way whose end its server did not store. */
export const strayMs = 30_000;

/** The result of a push that was sent. */
export interface Settlement {
  readonly device: string;
  /** The registration it was sent to; a later registration ignores this result. If absent, any registration. */
  readonly registeredAt?: number;
  /** The target it was sent to, where another one is stored. */
  readonly target?: PushTarget;
  /** The number it accepted; null if that is unknown (refused, timed out, or none was sent). */
  readonly accepted: number | null;
  /** The alert that it is done with: delivered, expired, or of no use to it. */
  readonly alert?: number;
  /** Of the claim. If another server has claimed the device since, it is unknown which push arrived last. Absent: any. */
  readonly claimedBy?: string;
  /** Until when this push or one before it may still arrive, as a time of day; for other servers that push to the device. */
  readonly doubtUntil?: number;
}

/** An app whose devices or alerts may need something that no change reports, such as after a server died. */
export interface DueApp {
  readonly app: string;
  readonly hasAlerts: boolean;
  readonly hasDevices: boolean;
  /** To be handed to `walked`. */
  readonly mark: number;
}

export interface DueOptions {
  /** Of the claims of alerts that would be made now. */
  readonly time: ClaimTime;
  /** Also those that another server may have in memory, because a server that died may have worked on them. */
  readonly takesOver: boolean;
}

export type ServerEvent =
  /** Another server has died or left: what it was pushing goes on here, with the next `dueApps`. */
  | 'another_gone'
  /** This server was taken for dead, such as after it was stopped for long: what it had claimed is others' now. */
  | 'taken_for_gone';

/** How a device is after a settlement: wrong if there is still something to send to it. */
export type DeviceState = 'gone' | 'right' | 'wrong';

/** How long a claim lasts: all claims of devices equally long, and all of alerts. */
export interface ClaimTime {
  readonly now: number;
  readonly until: number;
}

/**
 * A claim that ends later than this does not hold: it was made before the clock was set back. The clocks of two nodes may
 * differ by as much as a claim lasts.
 */
export function latestEnd({ now, until }: ClaimTime): number {
  return until + (until - now);
}

export interface PushStore {
  /**
   * Registers a device, moving it from the user who had this id or this target before. Beyond the limit, the user's
   * least recently used devices are unregistered. What it accepted is unknown from here on, unless nothing changed.
   * Returns the devices that changed: this one first, then those that were unregistered. Returns none, and changes nothing,
   * if `options` do not allow the move.
   */
  register(app: string, device: NewDevice, options: RegisterOptions): Promise<readonly Device[]>;

  /** Begins to unregister the device, and returns it; undefined if the user has no such device. */
  unregister(app: string, user: string, device: string): Promise<Device | undefined>;

  device(app: string, device: string): Promise<Device | undefined>;

  /**
   * The devices of these users, user by user, each user's most recently used first. Those that are unregistering
   * are left out.
   */
  devices(app: string, users: readonly string[], now: number): Promise<readonly DeviceWithBadge[]>;

  /** A page of the app's devices after this one, by id, those that are unregistering included. */
  devicesAfter(app: string, device: string, limit: number, now: number): Promise<readonly DeviceWithBadge[]>;

  /** Which users an audience includes now, among users with devices that are not unregistering. */
  recipients(app: string, audience: Audience, now: number): Promise<readonly string[]>;

  /**
   * Claims the devices to which there is something to send, in one step for all. What a claimed device accepted is
   * unknown from here on, durably, before anything is sent. Returns a claim for each wanted push, in order.
   */
  claimDevices(app: string, wanted: readonly WantedPush[], time: ClaimTime): Promise<readonly Claim[]>;

  /** Gives back claims with what came of them, and returns how each device is now, in order. */
  settle(app: string, settlements: readonly Settlement[], now: number): Promise<readonly DeviceState[]>;

  /** Drops the device, unless it registered after this time. */
  forget(app: string, device: string, since: number): Promise<boolean>;

  /** Puts an alert into the outbox that comes with no command. False, without effect, if the id was used before. */
  enqueue(
    app: string,
    alert: { readonly id: string; readonly users: readonly string[]; readonly content: AlertContent },
  ): Promise<boolean>;

  /** Claims alerts that are not settled, oldest first; another node's claims, until they run out, are left out. */
  claimAlerts(app: string, limit: number, time: ClaimTime): Promise<readonly OutboxAlert[]>;

  /** Keeps claims of alerts that take long, and returns those that are still this server's. */
  renewAlerts(app: string, alerts: readonly number[], time: ClaimTime): Promise<readonly number[]>;

  /** The alert is settled for all it went to: its content is removed, and it is never claimed again. */
  completeAlert(app: string, alert: number, now: number): Promise<void>;

  /**
   * The apps that this server is to look after now: to claim their alerts, and to walk their devices. Of several servers, one
   * looks after an app. An app with nothing to do may be left out.
   */
  dueApps(options: DueOptions): Promise<readonly DueApp[]>;

  /** A walk of all devices, begun after `dueApps`, found each with the right number. */
  walked(due: DueApp, now: number): Promise<void>;

  /** Calls the listener when servers come to an end. Returns a function that unsubscribes. */
  onServers(listener: (event: ServerEvent) => void): () => void;

  /** How many alerts are not settled. */
  depth(app: string): Promise<number>;

  /** Sealed by the caller; undefined if none are set. */
  credentials(app: string, platform: string): Promise<Uint8Array | undefined>;
  /** Undefined removes them. What devices of the platform accepted is unknown from here on: it was sent with others. */
  setCredentials(app: string, platform: string, sealed: Uint8Array | undefined): Promise<void>;
}

/** What may have changed, emitted after it is durable. It is a hint: a subscriber asks for the current state. */
export interface Change {
  readonly app: string;
  /** The users whose badge may have changed. */
  readonly audience: Extract<Audience, { kind: 'everyone' | 'users' | 'conversation' }>;
  /** An alert was put into the outbox. */
  readonly hasAlert: boolean;
  /** Another server accepted it, and delivers it. */
  readonly isElsewhere?: boolean;
}
