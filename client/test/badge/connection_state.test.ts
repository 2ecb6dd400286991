/** The states of one badge's connection, in random sequences of events. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionStep,
  nextConnectionStep,
} from '../../src/badge/connection_state.js';

const anyEvents = fc.array(
  fc.constantFrom<ConnectionEvent>('connecting', 'open', 'waiting', 'expired', 'ended'),
  { maxLength: 30 },
);

test('it ends with the first event that ends it, or with a second expired token in a row, and stays ended', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      let step: ConnectionStep = 'connecting';
      let expiredInARow = 0;
      let isEnded = false;
      for (const event of events) {
        step = nextConnectionStep(step, event);
        if (event === 'expired') expiredInARow += 1;
        if (event === 'open') expiredInARow = 0;
        isEnded ||= event === 'ended' || expiredInARow === 2;
        expect(step === 'ended').toBe(isEnded);
        if (!isEnded) expect(step.startsWith('renewed')).toBe(expiredInARow === 1);
      }
    }),
    { numRuns: 1_000 },
  );
});
