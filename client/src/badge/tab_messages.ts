/** The messages between the tabs of one origin about one user's badge, and how they are parsed. */
import { parseBadge, type Snapshot } from './badge.js';
import type { ConnectionState } from './connection_state.js';

export type TabMessage =
  /** Asks the tab with the stream for its badge and state; with `sync`, also to reconnect unless it is fresh. */
  | { readonly kind: 'ask'; readonly sync: boolean }
  /** The badge and the state, from the tab with the stream. */
  | { readonly kind: 'tell'; readonly state: ConnectionState; readonly snapshot?: Snapshot | undefined }
  | { readonly kind: 'signed-out' };

/** Undefined for a message that this release does not have: after a deployment, tabs of two releases are open. */
export function parseMessage(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  const { kind } = data;
  if (kind === 'ask') return { kind, sync: 'sync' in data && data.sync === true };
  if (kind === 'signed-out') return { kind };
  if (kind !== 'tell' || !('state' in data) || !isState(data.state)) return undefined;
  return { kind, state: data.state, snapshot: 'snapshot' in data ? parseSnapshot(data.snapshot) : undefined };
}

function parseSnapshot(value: unknown): Snapshot | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('badge' in value))
    return undefined;
  const badge = parseBadge(value.badge);
  return typeof value.id === 'string' && badge !== undefined ? { id: value.id, badge } : undefined;
}

function isState(value: unknown): value is ConnectionState {
  return value === 'connecting' || value === 'live' || value === 'waiting';
}
