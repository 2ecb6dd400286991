/** What a count is. Pure: no dependencies, no input or output, no clock. */
export * from './badge.js';
export * from './command.js';
export * from './jid.js';
export * from './limits.js';
export * from './machine/affected.js';
export * from './machine/event.js';
export type * from './machine/log.js';
export { Machine } from './machine/machine.js';
export * as snapshot from './machine/snapshot.js';
export { type AppState, Changed } from './machine/state.js';
export * from './metadata.js';
export * as ranges from './ranges.js';
export * as readState from './read_state.js';
export * from './refusal.js';
export * from './text.js';
export * from './uuid.js';
export * from './view.js';
