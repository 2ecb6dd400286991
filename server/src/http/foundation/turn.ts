/** When a request may begin with its work: declared here for the stages of a request that wait for it. */
import type {} from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Call and await before work that grows with the request. Undefined if it may begin now; otherwise a promise that
     * resolves when it may, or rejects if it never will. Calling it again is harmless.
     */
    waitForTurn(): Promise<void> | undefined;
  }
  interface FastifyContextConfig {
    /** The route costs next to nothing and must always work: its requests are neither limited nor made to wait. */
    isAlwaysAdmitted?: boolean;
  }
}
