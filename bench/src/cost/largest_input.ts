/** How an operation's largest allowed input is written down. */
import type { LargeWorld } from './large_world.js';
import type { CostlyRequest } from './victim.js';

export interface LargestInput {
  readonly what: string;
  readonly request: (world: LargeWorld) => CostlyRequest | Promise<CostlyRequest>;
}

export type Inputs = Readonly<Record<string, LargestInput | readonly LargestInput[]>>;

export function of(what: string, request: LargestInput['request']): LargestInput {
  return { what, request };
}

export function text(bytes: number): string {
  return 'x'.repeat(bytes);
}
