/**
 * What push delivery keeps: devices with the number each last accepted, the outbox of alerts that are not
 * settled, and sealed credentials. A badge that changed needs no row here: that a device's accepted number
 * differs from the truth is the record of it (docs/decisions/0004-no-outbox-for-badges.md). Several nodes may
 * work on one store: what a node works on it has claimed, until a time.
 */
import type { Audience } from '@badged/core';
import type { PushTarget } from '../push_target.js';

export type { Audience } from '@badged/core';

export interface Device {
  /** As the app names it; unique in the app. */
  readonly id: string;
  readonly user: string;
  readonly target: PushTarget;
  readonly registeredAt: number;
  /** When it last registered or accepted a push: the least recently used makes room. */
  readonly usedAt: number;
  /** The number it last accepted; null while unknown: it is new, or a push is, or was when a node died, under way. */
  readonly accepted: number | null;
  readonly acceptedAt: number | null;
  /** It was unregistered: it is to be sent 0, and then forgotten. */
  readonly isUnregistering: boolean;
}

export interface NewDevice {
  readonly id: string;
  readonly user: string;
  readonly target: PushTarget;
}

/** What an app asked to show, as it was accepted: JSON that the store does not look into. */
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

/** What became of one push, or of one device. */
export interface Settlement {
  readonly device: string;
  /** Of the registration it was sent to: a later one learns nothing from it. Left out, any. */
  readonly registeredAt?: number;
  /** The target it was sent to, where the device knows another one now. */
  readonly target?: PushTarget;
  /** The number it accepted; null if that is unknown (refused, timed out, or none was sent). */
  readonly accepted: number | null;
  /** The alert that it is done with: delivered, expired, or of no use to it. */
  readonly alert?: number;
}

export interface PushStore {
  /**
   * Registers a device, moving it from whoever had this id or this target before. Beyond the limit, the user's
   * least recently used devices leave. What it accepted is unknown from here on, unless nothing changed.
   */
  register(
    app: string,
    device: NewDevice,
    limits: { readonly devicesPerUser: number; readonly now: number },
  ): Promise<void>;

  /** The device begins to leave; false if the user has no such device. */
  unregister(app: string, user: string, device: string): Promise<boolean>;

  /** The user's devices, those that are leaving left out, most recently used first. */
  devices(app: string, user: string): Promise<readonly Device[]>;

  /** Some devices of the app after this one, by id, those leaving included: for walking through all of them. */
  devicesAfter(app: string, device: string, limit: number): Promise<readonly Device[]>;

  device(app: string, device: string): Promise<Device | undefined>;

  /** Which users are meant now, of those who have devices (leaving ones not counted). */
  audience(app: string, audience: Audience, now: number): Promise<readonly string[]>;

  /**
   * Claims devices for a push each until a time: what they accepted is unknown from here on, durably, before
   * anything is sent. Those that another node has claimed, or that are gone, are left out of the answer.
   */
  begin(
    app: string,
    devices: readonly string[],
    claim: { readonly now: number; readonly until: number },
  ): Promise<ReadonlySet<string>>;

  /** Gives back claims with what became of them. */
  end(app: string, settlements: readonly Settlement[], now: number): Promise<void>;

  /** Drops the device, unless it registered after this time. */
  forget(app: string, device: string, since: number): Promise<boolean>;

  /** Puts an alert into the outbox that goes with no command. False if the id was used before: nothing happens then. */
  enqueue(
    app: string,
    alert: { readonly id: string; readonly users: readonly string[]; readonly content: AlertContent },
  ): Promise<boolean>;

  /** Claims alerts that are not settled, oldest first; another node's claims, until they run out, are left out. */
  claim(
    app: string,
    limit: number,
    claim: { readonly now: number; readonly until: number },
  ): Promise<readonly OutboxAlert[]>;

  /** The alert is settled for all it went to: its content is removed, and it is never claimed again. */
  complete(app: string, alert: number, now: number): Promise<void>;

  /** How many alerts are not settled. */
  depth(app: string): Promise<number>;

  /** Sealed by the caller; undefined if none are set. */
  credentials(app: string, platform: string): Promise<Uint8Array | undefined>;
  /** Undefined removes them. What devices of the platform accepted is unknown from here on: others heard it. */
  setCredentials(app: string, platform: string, sealed: Uint8Array | undefined): Promise<void>;
}

/** What may have changed, told after it is durable. It is a hint: whoever hears of it asks for the truth. */
export interface Change {
  readonly app: string;
  /** Whose badge may have changed. */
  readonly audience: Extract<Audience, { kind: 'everyone' | 'users' | 'conversation' }>;
  /** That an alert was put into the outbox. */
  readonly hasAlert: boolean;
}
