/** How long to wait before another attempt, and the waiting. */

/** What the last answer asked for with Retry-After, in milliseconds: seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const wanted = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return wanted > 0 ? wanted : 0;
}

/** Any time up to a ceiling that doubles with each failure: those who failed together do not come back together. */
export function fullJitter(firstMs: number, failures: number, ceilingMs: number): number {
  // Of nothing, twice as much is nothing, but infinitely much of it is no number.
  return Math.random() * Math.min(ceilingMs, firstMs * 2 ** Math.min(failures, 30));
}

/** Ends early, and without an error, once the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    // A timer of more than 2^31 - 1 milliseconds would end at once.
    const timer = setTimeout(end, Math.min(ms, 0x7fffffff));
    signal?.addEventListener('abort', end);
  });
}
