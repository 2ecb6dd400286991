/** The Retry-After header (RFC 9110, 10.2.3): seconds, or an HTTP date. What is neither is ignored. */
import type { ProviderResponse } from './port.js';

export function retryAfterMs(response: ProviderResponse): number | undefined {
  const value = response.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse accepts far more than an HTTP date: a lone "-5" would be a year. A date names its day.
  const atMs = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - response.receivedAtMs);
}
