/** A chat workload, sent through the HTTP API of a running server, and every count compared with the replay's own. */
export { progressReporter, summary } from './progress.js';
export { type ReplayOptions, replay, replayDefaults } from './replay.js';
export { ReplayError } from './replay_error.js';
export type { ReplayResult } from './replay_result.js';
