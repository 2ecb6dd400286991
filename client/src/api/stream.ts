/** The live stream of a user's badge, as an async iterable. */
import { openStream, StreamRefused, type StreamState } from '../sse/open_stream.js';
import { errorOf } from './errors.js';
import type { Badge, GetBadgeInput } from './operations.js';

export interface StreamBadgeInput extends GetBadgeInput {
  /** The event_id of your last snapshot. The stream then starts with the first badge that differs from it. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** A connection that is silent for so long is opened again, in milliseconds. Default: 30,000. */
  readonly silenceMs?: number | undefined;
  /** Called when the state of the connection changes. */
  readonly onState?: ((state: StreamState) => void) | undefined;
}

/** The whole badge, as getBadge returns it. */
export interface BadgeSnapshot extends Badge {
  /** Identifies this badge. Give it as lastEventId to continue from here. */
  event_id: string;
}

/** What a stream needs of the client. */
export interface StreamDeps {
  readonly url: string;
  readonly headers: () => Promise<Headers>;
  readonly fetch: typeof globalThis.fetch;
}

export async function* badgeSnapshots(
  { url, headers, fetch }: StreamDeps,
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
