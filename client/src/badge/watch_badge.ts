/** The badge of one user in a page: on the icon of the installed app, on the tab's icon and in its title. */
import { appBadge } from './app_badge.js';
import type { Badge } from './badge.js';
import type { TokenSource } from './badge_connection.js';
import type { ConnectionState } from './connection_state.js';
import { type FaviconOptions, faviconSurface } from './favicon.js';
import { followPage } from './page_lifecycle.js';
import { SharedBadge } from './shared_badge.js';
import type { Surface } from './surface.js';
import { titleSurface } from './title.js';

/**
 * `live`: each change arrives at once. `waiting`: the connection was lost, and a retry follows. `refused`: the service
 * does not accept the token, or no such user exists. `stopped` and `signed-out` are final.
 */
export type WatchState = ConnectionState | 'refused' | 'stopped' | 'signed-out';

export interface WatchOptions {
  /** The URL of the service: "/badged" of the page's own origin, or another origin that allows this page's. */
  readonly url: string | URL;
  readonly app: string;
  readonly user: string;
  readonly token: TokenSource;
  /** `false` leaves the icon of the installed app alone. */
  readonly appBadge?: boolean;
  /** `false` leaves the icon of the tab alone. */
  readonly favicon?: boolean | FaviconOptions;
  /** `false` leaves the title of the page alone. */
  readonly title?: boolean;
  /** Called with each badge, and with undefined once the user is signed out. */
  readonly onChange?: (badge: Badge | undefined) => void;
  /** `status` is the HTTP status of a refusal. */
  readonly onState?: (state: WatchState, status?: number) => void;
  readonly fetch?: typeof globalThis.fetch;
}

export interface BadgeWatch {
  /** The latest badge; undefined before the first, and after signing out. */
  readonly current: Badge | undefined;
  readonly state: WatchState;
  /** Calls back with the current badge, if there is one, and with each that follows. Returns a function that ends it. */
  subscribe(listener: (badge: Badge | undefined) => void): () => void;
  /** Reconnects now, also after a refusal. Not needed to be up to date. */
  refresh(): void;
  /** Ends the watch in this tab and restores the page's title and icon. The app's icon keeps its number. */
  stop(): void;
  /** Ends the watch in every tab of this origin, and clears the app's icon, the tabs' icons and the titles. */
  signOut(): void;
}

/**
 * Shows a user's badge in this page, live, with one stream for all tabs of the origin.
 *
 * @example
 * const watch = watchBadge({ url: '/badged', app, user: 'bob', token: () => fetchUserToken() });
 * signOutButton.onclick = () => watch.signOut();
 */
export function watchBadge(options: WatchOptions): BadgeWatch {
  return new Watch(options);
}

class Watch implements BadgeWatch {
  readonly #surfaces: readonly Surface[];
  readonly #onState: WatchOptions['onState'];
  readonly #listeners = new Set<(badge: Badge | undefined) => void>();
  readonly #shared: SharedBadge;
  readonly #unfollow: () => void;
  #current: Badge | undefined;
  #state: WatchState = 'connecting';

  constructor(options: WatchOptions) {
    const { url, app, user, token, fetch, onChange, onState } = options;
    const service = absolute(url);
    this.#surfaces = surfacesOf(options);
    this.#onState = onState;
    if (onChange !== undefined) this.#listeners.add(onChange);
    const path = `/apps/${encodeURIComponent(app)}/users/${encodeURIComponent(user)}/badge`;
    this.#shared = new SharedBadge(
      { url: service + path, token, fetch },
      JSON.stringify([service, app, user]),
      {
        snapshot: ({ badge }) => this.#show(badge),
        state: (state) => this.#turn(state),
        refused: (status) => this.#turn('refused', status),
        signedOut: () => this.#end('signed-out'),
      },
    );
    this.#unfollow = followPage({ wake: () => this.#shared.wake(), sleep: () => this.#shared.sleep() });
  }

  get current(): Badge | undefined {
    return this.#current;
  }

  get state(): WatchState {
    return this.#state;
  }

  subscribe(listener: (badge: Badge | undefined) => void): () => void {
    this.#listeners.add(listener);
    if (this.#current !== undefined) listener(this.#current);
    return () => this.#listeners.delete(listener);
  }

  refresh(): void {
    if (!this.#isOver()) this.#shared.wake();
  }

  stop(): void {
    this.#end('stopped');
  }

  signOut(): void {
    if (this.#isOver()) return;
    this.#shared.signOut();
    this.#end('signed-out');
  }

  #show(badge: Badge): void {
    this.#current = badge;
    // Where badges are disabled there is no number, which differs from 0: surfaces stay as they are.
    if (badge.badge !== null) for (const surface of this.#surfaces) surface.show(badge.badge);
    this.#notify(badge);
  }

  #notify(badge: Badge | undefined): void {
    for (const listener of this.#listeners) reportingErrors(() => listener(badge));
  }

  #turn(state: WatchState, status?: number): void {
    if (this.#isOver() || (state === this.#state && status === undefined)) return;
    this.#state = state;
    reportingErrors(() => this.#onState?.(state, status));
  }

  #end(state: 'stopped' | 'signed-out'): void {
    if (this.#isOver()) return;
    this.#unfollow();
    this.#shared.close();
    for (const surface of this.#surfaces) {
      if (state === 'signed-out') surface.show(0);
      surface.restore();
    }
    this.#turn(state);
    if (state === 'stopped') return;
    this.#current = undefined;
    this.#notify(undefined);
  }

  #isOver(): boolean {
    return this.#state === 'stopped' || this.#state === 'signed-out';
  }
}

/** An error of a listener ends neither the stream nor other listeners. Node has no reportError. */
function reportingErrors(notify: () => void): void {
  try {
    notify();
  } catch (error) {
    if (typeof reportError === 'function') reportError(error);
    else console.error(error);
  }
}

/** The same for "/badged", "/badged/" and the absolute URL: tabs with the same one share a stream. */
function absolute(url: string | URL): string {
  const base = typeof document === 'undefined' ? undefined : document.baseURI;
  return new URL(url, base).href.replace(/\/+$/, '');
}

function surfacesOf({ appBadge: icon, favicon, title }: WatchOptions): readonly Surface[] {
  return [
    icon === false ? undefined : appBadge(),
    favicon === false ? undefined : faviconSurface(typeof favicon === 'object' ? favicon : {}),
    title === false ? undefined : titleSurface(),
  ].filter((surface) => surface !== undefined);
}
