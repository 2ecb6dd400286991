/** How long a provider stores a delivery for a device that is offline. Four weeks is the longest that FCM accepts. */
const longestLifetimeMs = 28 * 24 * 60 * 60 * 1000;

export function lifetimeSeconds(delivery: { readonly expiresAtMs?: number }, nowMs: number): number {
  const lifetimeMs = delivery.expiresAtMs === undefined ? longestLifetimeMs : delivery.expiresAtMs - nowMs;
  return Math.floor(Math.min(longestLifetimeMs, Math.max(0, lifetimeMs)) / 1000);
}
