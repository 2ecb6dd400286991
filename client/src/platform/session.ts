/** The tokens of the signed-in user, where they are stored, and how an expired one is exchanged for a new one. */
import { ApiError } from './api_error.js';
import { type AuthData, AuthStorage, authDataOf, type GrantedToken } from './auth_data.js';
import { requestToken } from './token_endpoint.js';
import { eventually, oneTabAtATime, SingleFlight } from './token_refresh.js';

export class Session {
  readonly storage = new AuthStorage();
  clientId: string | undefined;
  #data: Partial<AuthData> = {};
  readonly #refresh = new SingleFlight<void>();

  get data(): Partial<AuthData> {
    return this.#data;
  }

  /** Replaces everything: a refresh token left over could belong to another user. */
  set data({ accessToken, ...rest }: Partial<AuthData>) {
    this.#data = { ...rest };
    if (!accessToken) {
      this.storage.clear();
      return;
    }
    this.#data.accessToken = accessToken;
    this.storage.save({ ...rest, accessToken });
  }

  grant(granted: GrantedToken): AuthData {
    this.data = authDataOf(granted);
    return this.signedIn();
  }

  /** What a login resolves with. `state` is the login's, unless one is stored already. */
  signedIn(state?: string): AuthData {
    if (state !== undefined) this.#data.state ??= state;
    const { accessToken } = this.#data;
    if (accessToken === undefined) throw new Error('No user is signed in');
    return { ...this.#data, accessToken };
  }

  loadPersisted(): void {
    const stored = this.storage.load();
    if (stored !== undefined) this.#data = stored;
  }

  get canRefresh(): boolean {
    return this.#data.refreshToken !== undefined && this.clientId !== undefined;
  }

  /**
   * Replaces the access token, unless it is not `stale` any more. False if the service refuses the refresh token: the
   * user has to log in again.
   */
  async refresh(stale: string | undefined, login: string, timeout: number): Promise<boolean> {
    try {
      await this.#refresh.run(() => this.#replace(stale, login, timeout));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400) throw error;
      this.data = {};
      return false;
    }
  }

  async #replace(stale: string | undefined, login: string, timeout: number): Promise<void> {
    if (this.#data.accessToken !== stale) return;
    await oneTabAtATime(
      `${this.storage.prefix}_token_refresh`,
      this.storage.persists,
      async (afterAnother) => {
        if (afterAnother) await eventually(() => this.#ofAnotherTab(stale) !== undefined);
        const { refreshToken, state } = this.#data;
        const ofAnotherTab = this.#ofAnotherTab(stale);
        if (ofAnotherTab !== undefined) {
          this.#data = ofAnotherTab;
          this.signedIn(state);
          return false;
        }
        if (refreshToken === undefined || this.clientId === undefined) {
          throw new Error('There is no refresh token: log in with loginPKCEGrant');
        }
        const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: this.clientId };
        const granted = await requestToken(login, form, timeout);
        // A logout or another login meanwhile wins.
        if (this.#data.refreshToken !== refreshToken) return false;
        // A service that does not rotate leaves the refresh token out (RFC 6749, section 6): the old one stays valid.
        this.grant({ ...granted, refreshToken: granted.refreshToken ?? refreshToken });
        this.signedIn(state);
        return true;
      },
    );
  }

  #ofAnotherTab(stale: string | undefined): AuthData | undefined {
    const stored = this.storage.load();
    return stored?.accessToken === stale ? undefined : stored;
  }
}
