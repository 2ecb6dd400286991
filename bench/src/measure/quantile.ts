/**
 * The value that a share of the values does not exceed (the nearest rank); NaN of none.
 * @param of how many there would be, if some that are missing are larger than all others
 */
export function quantile(values: readonly number[], share: number, of = values.length): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(of * share) - 1)] ?? Number.NaN;
}
