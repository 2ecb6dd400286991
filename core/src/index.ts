/** What a count is. Pure: no dependencies, no input or output, no clock. */
export * from './badge.js';
export * from './command.js';
export * from './limits.js';
export * as ranges from './ranges.js';
export * as readState from './read_state.js';
export * from './refusal.js';
export * from './uuid.js';
