/** What an app may grow to. `decide/capacity.ts` refuses what would need more. */
import { limits } from '../limits.js';

/**
 * Whether memory is short. `growth`: what adds users, conversations, participants, announcements or metadata is refused.
 * `messages`: messages too. Receipts, leaving and deleting are accepted always.
 */
export type MemoryPressure = 'none' | 'growth' | 'messages';

export interface Capacity {
  readonly users: number;
  readonly conversations: number;
  readonly participations: number;
  readonly announcements: number;
  readonly memoryPressure: () => MemoryPressure;
}

export const defaultCapacity: Capacity = {
  users: limits.rowsPerApp,
  conversations: limits.rowsPerApp,
  participations: limits.rowsPerApp,
  announcements: limits.rowsPerApp,
  memoryPressure: () => 'none',
};
