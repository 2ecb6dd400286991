/**
 * The Retry-After header (RFC 9110, 10.2.3): seconds, or an HTTP date. What is neither is ignored. A date is compared with
 * the response's own Date header: our clock may be hours off, and the wait would be hours too long.
 */
import type { ProviderResponse } from './port.js';

export function retryAfterMs(response: ProviderResponse): number | undefined {
  const value = response.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const atMs = httpDate(value);
  const sentAtMs = httpDate(response.headers.date?.trim() ?? '') ?? response.receivedAtMs;
  return atMs === undefined ? undefined : Math.max(0, atMs - sentAtMs);
}

/** Date.parse accepts far more than an HTTP date: a lone "-5" would be a year. A date names its day. */
function httpDate(text: string): number | undefined {
  const atMs = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
