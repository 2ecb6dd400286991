/** The nearest known name to a misspelled one. */

/** The edit distance up to which an unknown name counts as a misspelling. */
const maxEdits = 2;

/**
 * Returns the known name that is nearest to `name`, or undefined if none is within two edits (insertions, deletions,
 * substitutions, and swaps of neighbours). In names of up to three characters only one edit counts: with two, nearly
 * every other short name would be a misspelling.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = maxEdits + 1;
  for (const candidate of known) {
    const limit = Math.min(fewest - 1, Math.floor(candidate.length / 2));
    const edits = editDistance(name, candidate, limit);
    if (edits > limit) continue;
    nearest = candidate;
    fewest = edits;
  }
  return nearest;
}

/** The Damerau-Levenshtein distance (optimal string alignment), or `limit + 1` if it is above the limit. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let edits = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) edits = Math.min(edits, (beforePrevious[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforePrevious = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}
