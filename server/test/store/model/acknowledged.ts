/**
 * Compares explanations where messages were deleted. A deleted message counts for nobody, whether somebody had
 * read it or not: a store may show it as acknowledged or as uncounted, as it likes. Everything else is to be
 * the same, position by position.
 */
import type { ExplainedConversation } from '@badged/core';
import type { Explanation } from '../../../src/store/port.js';

/** By conversation, the positions of its deleted messages. */
export type Deleted = ReadonlyMap<string, ReadonlySet<number>>;

/** The explanation in a form that does not depend on how a store shows deleted messages. */
export function comparable(explanation: Explanation | undefined, deleted: Deleted): unknown {
  if (!explanation) return undefined;
  const conversations = explanation.conversations.map((each) => {
    const positions = deleted.get(each.id);
    if (!positions) return each;
    const { cursor, acknowledged, acknowledgedCount, uncounted, ...rest } = each;
    return { ...rest, read: readPositions(each).filter((position) => !positions.has(position)) };
  });
  return { ...explanation, conversations };
}

/** The positions since joining that do not count for a reason of the participant's own. */
function readPositions({ joined, cursor, acknowledged }: ExplainedConversation): number[] {
  const positions: number[] = [];
  for (let position = joined + 1; position <= cursor; position += 1) positions.push(position);
  for (let i = 0; i < acknowledged.length; i += 2) {
    const to = acknowledged[i + 1] ?? 0;
    for (let position = acknowledged[i] ?? 1; position <= to; position += 1) positions.push(position);
  }
  return positions;
}
