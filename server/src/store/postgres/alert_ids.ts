/**
 * Ids of alerts ascend in the order of the log. Their last 16 bits are drawn by lot: a database that lost alerts (a failover)
 * counts on from where it was, and a server that still sends a lost alert would otherwise take a new one for it, and complete it.
 */

/** The bits above are a count: enough for 137 thousand million alerts of an app. */
const lots = 65_536;

export function alertIdAfter(last: number): number {
  return (Math.floor(last / lots) + 1) * lots + Math.floor(Math.random() * lots);
}

/** The same as an expression of SQL, for a column of type bigint. */
export function alertIdAfterColumn(column: string): string {
  return `(${column} / ${lots} + 1) * ${lots} + floor(random() * ${lots})::bigint`;
}
