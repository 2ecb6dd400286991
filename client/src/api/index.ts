/** The typed client of the API, for backends, tools and pages. It has no dependencies. */
export type { StreamState } from '../sse/open_stream.js';
export { type Client, type ClientOptions, createClient } from './client.js';
export { BadgedError, type ErrorId } from './errors.js';
export * from './operations.js';
export type { CallOptions, Operation } from './request.js';
export type { BadgeSnapshot, StreamBadgeInput } from './stream.js';
