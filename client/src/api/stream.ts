/** A user's badge, now and after each change. */
import { openStream, StreamRefused, type StreamState } from '../sse/open_stream.js';
import { errorOf } from './errors.js';
import type { Badge, GetBadgeInput } from './operations.js';

export interface StreamBadgeInput extends GetBadgeInput {
  /** The event_id of the last snapshot you have: the first one comes only if the badge differs from that. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** After so long without a sign of life the connection is taken for dead. Default: 30 seconds. */
  readonly silenceMs?: number | undefined;
  /** Told of connections that are made, stand, or are waited for. */
  readonly onState?: ((state: StreamState) => void) | undefined;
}

/** The whole badge, as getBadge answers it. */
export interface BadgeSnapshot extends Badge {
  /** What stands for this content, to go on from it with lastEventId. */
  event_id: string;
}

/** What the client has set, as far as a stream needs it. */
export interface StreamSurroundings {
  readonly url: string;
  readonly headers: () => Promise<Headers>;
  readonly fetch: typeof globalThis.fetch;
}

export async function* badgeSnapshots(
  { url, headers, fetch }: StreamSurroundings,
  { lastEventId, signal, silenceMs, onState }: StreamBadgeInput,
): AsyncGenerator<BadgeSnapshot, void, undefined> {
  const events = openStream({
    url,
    headers,
    fetch,
    lastEventId,
    signal,
    ...(silenceMs !== undefined && { silenceMs }),
    ...(onState !== undefined && { onState }),
  });
  try {
    for await (const { event, id, data } of events) {
      if (event === 'badge') yield { ...JSON.parse(data), event_id: id };
    }
  } catch (error) {
    throw error instanceof StreamRefused ? errorOf(error.status, error.headers, error.body) : error;
  }
}
