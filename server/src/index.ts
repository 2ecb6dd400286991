/** The server as a library: for programs and tests that start it in their own process. */
export * from './compose.js';
