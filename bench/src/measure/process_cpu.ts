/** The CPU time that a process has used, as the operating system counts it. */
import { readFileSync } from 'node:fs';

/** In milliseconds, in steps of 10; NaN where there is no /proc. */
export function cpuMsOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // Fields 14 and 15 of proc(5), in ticks of 10 ms: user and system time.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}
