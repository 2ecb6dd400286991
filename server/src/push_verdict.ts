/** What a provider's response means, and why pushes are paused: the words that push, service and http share. */

/**
 * `delivered`: the provider took it. `retry`: it did not respond, or asks to try again. `gone`: it does not know the
 * device any more. `rejected`: it refuses this payload. `misconfigured`: it refuses our credentials or settings.
 */
export const verdictKinds = ['delivered', 'retry', 'gone', 'rejected', 'misconfigured'] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** Why an app's pushes over one transport are paused. */
export const pauseKinds = ['unreachable', 'misconfigured'] as const;
export type PauseKind = (typeof pauseKinds)[number];
