/** An app in memory, as the engines' tables use it. */
import type { Audience } from '@badged/core';

/** What the engine's tables need from the host. */
export interface EngineHost {
  /** Undefined for an app that does not exist. Throws StoreUnavailable while the store cannot serve. */
  app(id: string): HostedApp | undefined;
  /** The ids of all apps. */
  apps(): readonly string[];
  /** Called when an alert without a command was put into the outbox. */
  onAlert(app: string): void;
}

export interface HostedApp {
  readonly number: number;
  /** The number on the user's icon: 0 for a user whom the app has never named, null where badges are disabled. */
  badge(user: string, now: number): number | null;
  /** Which of these users the audience includes now, one short step at a time; undefined for one whom it does not include. */
  eachRecipient(audience: Audience, users: Candidates, now: number): Iterator<string | undefined>;
  /** The same while others are served in between. A user may join, leave or read meanwhile. */
  recipientsInSlices(audience: Audience, users: Candidates, now: number): Promise<string[]>;
  /** When the next mute ends; null for none. */
  nextMuteEnd(now: number): Promise<number | null>;
}

export interface Candidates {
  readonly size: number;
  has(user: string): boolean;
  keys(): Iterable<string>;
}
