/**
 * The result of a login, and where it is stored: in memory, and in the browser's localStorage if the application asks
 * for that. Key and content are the vendor's, so users stay signed in when an application changes SDKs.
 */
export interface AuthData {
  accessToken: string;
  refreshToken?: string;
  /** The `state` that the application passed when it started the login. */
  state?: string;
  /** In milliseconds since 1970. */
  tokenExpiryTime?: number;
  tokenExpiryTimeString?: string;
}

/** From the token endpoint's response, or the implicit grant's fragment. */
export interface GrantedToken {
  readonly accessToken: string;
  readonly expiresIn?: number | undefined;
  readonly refreshToken?: string | undefined;
}

export function authDataOf(granted: GrantedToken): AuthData {
  const data: AuthData = { accessToken: granted.accessToken };
  if (granted.refreshToken !== undefined) data.refreshToken = granted.refreshToken;
  if (granted.expiresIn !== undefined) {
    data.tokenExpiryTime = Date.now() + granted.expiresIn * 1000;
    data.tokenExpiryTimeString = new Date(data.tokenExpiryTime).toUTCString();
  }
  return data;
}

export class AuthStorage {
  #persist = false;
  #prefix = 'purecloud';

  configure(persist: boolean, prefix: string | undefined): void {
    this.#persist = persist;
    this.#prefix = prefix ? prefix.replace(/\W+/g, '_') : 'purecloud';
  }

  get persists(): boolean {
    return this.#persist && webStorage('localStorage') !== undefined;
  }

  get prefix(): string {
    return this.#prefix;
  }

  load(): AuthData | undefined {
    if (!this.persists) return undefined;
    return storedAuthData(webStorage('localStorage')?.getItem(this.#key) ?? null);
  }

  save(data: AuthData): void {
    if (!this.persists) return;
    const { state: _ofThisPageOnly, ...stored } = data;
    try {
      webStorage('localStorage')?.setItem(this.#key, JSON.stringify(stored));
    } catch {
      // If the storage is full or forbidden, the user logs in again later. The login that has just succeeded must not fail.
    }
  }

  clear(): void {
    if (this.persists) webStorage('localStorage')?.removeItem(this.#key);
  }

  get #key(): string {
    return `${this.#prefix}_auth_data`;
  }
}

/** Reading `window.localStorage` throws where a browser's settings or a sandbox forbid it. */
export function webStorage(kind: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return typeof window === 'undefined' ? undefined : window[kind];
  } catch {
    return undefined;
  }
}

function storedAuthData(text: string | null): AuthData | undefined {
  if (text === null) return undefined;
  try {
    const stored: Partial<Record<keyof AuthData, unknown>> | null = JSON.parse(text);
    if (typeof stored?.accessToken !== 'string' || stored.accessToken === '') return undefined;
    const data: AuthData = { accessToken: stored.accessToken };
    if (typeof stored.refreshToken === 'string') data.refreshToken = stored.refreshToken;
    if (typeof stored.tokenExpiryTime === 'number') data.tokenExpiryTime = stored.tokenExpiryTime;
    if (typeof stored.tokenExpiryTimeString === 'string') {
      data.tokenExpiryTimeString = stored.tokenExpiryTimeString;
    }
    return data;
  } catch {
    return undefined;
  }
}
