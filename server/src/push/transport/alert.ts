/**
 * The visible part of a delivery, rendered for one recipient. The field names are those of the API's `notification`
 * object. It never has a badge: that is a property of the delivery.
 */
export interface Alert {
  readonly title?: string;
  readonly text?: string;
  readonly sound?: string;
  readonly category?: string;
  readonly 'title-loc-key'?: string;
  readonly 'title-loc-args'?: readonly string[];
  readonly 'loc-key'?: string;
  readonly 'loc-args'?: readonly string[];
  /** Added to APNs' `aps` dictionary: `thread-id`, `interruption-level`, `mutable-content` and so on. */
  readonly apns?: JsonObject;
  /** The app's own data, for every platform. */
  readonly data?: JsonObject;
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The alert with every text of more than `limit` code points cut; keys, data and the badge are no texts. */
export function shortenTexts(alert: Alert, limit: number): Alert {
  const cut = (text: string) => shorten(text, limit);
  return {
    ...alert,
    ...(alert.title === undefined ? {} : { title: cut(alert.title) }),
    ...(alert.text === undefined ? {} : { text: cut(alert.text) }),
    ...(alert['title-loc-args'] === undefined ? {} : { 'title-loc-args': alert['title-loc-args'].map(cut) }),
    ...(alert['loc-args'] === undefined ? {} : { 'loc-args': alert['loc-args'].map(cut) }),
  };
}

/** How many code points the longest text has. */
export function longestText(alert: Alert): number {
  const texts = [alert.title, alert.text, ...(alert['title-loc-args'] ?? []), ...(alert['loc-args'] ?? [])];
  return Math.max(0, ...texts.map((text) => (text === undefined ? 0 : Array.from(text).length)));
}

/** At most `limit` code points, the last of them an ellipsis if something was cut. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const codePoints = Array.from(text);
  if (codePoints.length <= limit) return text;
  return limit < 2 ? '' : `${codePoints.slice(0, limit - 1).join('')}…`;
}
