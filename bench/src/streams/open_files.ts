/** How many files, and so sockets, a process may have open: checked first, since a stream is one on each side. */
import { execFileSync } from 'node:child_process';

/** For the store, the program itself, and connections that send. */
const others = 200;

/** A sentence where it is too few. */
export function tooFewOpenFiles(streams: number): string | undefined {
  // Node raises its own limit as far as it is allowed to.
  const text = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  const allowed = text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
  if (allowed >= streams + others) return undefined;
  return (
    `${streams} streams need ${streams + others} open files, and a process may have ${allowed}. ` +
    `Raise the limit (ulimit -Hn as root, or LimitNOFILE), or measure fewer with --clients.`
  );
}
