/** How long to wait before a retry, and the wait. */

/** The wait that the response asks for with Retry-After, in milliseconds; 0 if none (RFC 9110, section 10.2.3). */
export function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const wanted = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return wanted > 0 ? wanted : 0;
}

/** A random time up to a ceiling that doubles with each failure: clients that failed together retry at different times. */
export function fullJitter(firstMs: number, failures: number, ceilingMs: number): number {
  // 0 × Infinity is NaN.
  return Math.random() * Math.min(ceilingMs, firstMs * 2 ** Math.min(failures, 30));
}

/** Resolves after that time, or as soon as the signal is aborted. */
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
