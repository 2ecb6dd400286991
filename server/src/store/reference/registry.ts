/** The apps, their tokens and the service's secrets, in plain maps. Deleting an app deletes its state with it. */
import { type App, type AppChange, type AppRegistry, type AppToken, StoreUnavailable } from '../port.js';
import { Changes } from './changes.js';
import { type AppState, emptyState } from './state.js';

export class ReferenceRegistry implements AppRegistry {
  readonly changes = new Changes();
  private states = new Map<string, AppState>();
  private appTokens = new Map<string, AppToken>();
  private secrets = new Map<string, Uint8Array>();
  private endedSessions = new Map<string, number>();
  private closed = false;

  async create(app: App): Promise<void> {
    this.assertOpen();
    if (this.states.has(app.id)) throw new Error(`app ${app.id} exists already`);
    this.states.set(app.id, emptyState(copyApp(app)));
  }

  async get(id: string): Promise<App | undefined> {
    const app = this.state(id)?.app;
    return app && copyApp(app);
  }

  async list(): Promise<readonly App[]> {
    this.assertOpen();
    return [...this.states.values()].map((state) => copyApp(state.app));
  }

  async update(id: string, change: AppChange): Promise<App | undefined> {
    const state = this.state(id);
    if (!state) return undefined;
    state.app = { ...state.app, ...change, settings: { ...state.app.settings, ...change.settings } };
    if (change.settings) this.changes.tell({ app: id, audience: { kind: 'everyone' }, hasAlert: false });
    return copyApp(state.app);
  }

  async delete(id: string): Promise<boolean> {
    this.assertOpen();
    for (const token of this.appTokens.values()) if (token.app === id) this.appTokens.delete(token.id);
    return this.states.delete(id);
  }

  async addToken(token: AppToken): Promise<void> {
    if (!this.state(token.app)) throw new Error(`app ${token.app} does not exist`);
    if (this.appTokens.has(token.id)) throw new Error(`token ${token.id} exists already`);
    this.appTokens.set(token.id, copyToken(token));
  }

  async token(id: string): Promise<AppToken | undefined> {
    this.assertOpen();
    const token = this.appTokens.get(id);
    return token && copyToken(token);
  }

  async tokens(app: string): Promise<readonly AppToken[]> {
    this.assertOpen();
    return [...this.appTokens.values()].filter((token) => token.app === app).map(copyToken);
  }

  async revokeToken(app: string, id: string): Promise<boolean> {
    this.assertOpen();
    return this.appTokens.get(id)?.app === app && this.appTokens.delete(id);
  }

  async secret(name: string, initial: Uint8Array): Promise<Uint8Array> {
    this.assertOpen();
    const stored = this.secrets.get(name) ?? initial.slice();
    this.secrets.set(name, stored);
    return stored.slice();
  }

  async replaceSecret(name: string, value: Uint8Array): Promise<void> {
    this.assertOpen();
    this.secrets.set(name, value.slice());
  }

  async endSession(id: string, expiresAt: number, now: number): Promise<void> {
    this.assertOpen();
    for (const [each, end] of this.endedSessions) if (end <= now) this.endedSessions.delete(each);
    this.endedSessions.set(id, expiresAt);
  }

  async hasEnded(id: string): Promise<boolean> {
    this.assertOpen();
    return this.endedSessions.has(id);
  }

  /** The app's state itself, for the store; undefined if there is no such app. */
  state(id: string): AppState | undefined {
    this.assertOpen();
    return this.states.get(id);
  }

  assertOpen(): void {
    if (this.closed) throw new StoreUnavailable('the store is closed');
  }

  /** A separate registry with the same content, apps included: what a store has after it is opened again. */
  copy(): ReferenceRegistry {
    const copy = new ReferenceRegistry();
    copy.states = structuredClone(this.states);
    copy.appTokens = structuredClone(this.appTokens);
    copy.secrets = structuredClone(this.secrets);
    copy.endedSessions = structuredClone(this.endedSessions);
    return copy;
  }

  close(): void {
    this.closed = true;
  }
}

function copyApp(app: App): App {
  return { ...app, settings: { ...app.settings } };
}

function copyToken(token: AppToken): AppToken {
  return { ...token, hash: token.hash.slice() };
}
