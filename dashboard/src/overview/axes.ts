/** The domains and ticks of a chart's axes, at round times and numbers. */

const minuteMs = 60_000;
/** The shortest time axis, so that two samples do not fill the width. */
const leastSpanMs = 5 * minuteMs;
const mostTicks = 5;
const stepsMinutes = [1, 2, 5, 10, 15, 20, 30];

export interface Axis {
  readonly domain: [number, number];
  readonly ticks: number[];
}

export function timeAxis(times: readonly number[]): Axis {
  const end = times.at(-1) ?? 0;
  const start = Math.min(times[0] ?? end, end - leastSpanMs);
  const step =
    (stepsMinutes.find((minutes) => (end - start) / (minutes * minuteMs) <= mostTicks) ?? 60) * minuteMs;
  const ticks: number[] = [];
  for (let at = Math.ceil(start / step) * step; at <= end; at += step) ticks.push(at);
  return { domain: [start, end], ticks };
}

/** From 0 to just above the highest value. */
export function valueAxis(most: number, isCount: boolean): Axis {
  const rough = Math.max(most / 3, isCount ? 1 : 0.001);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((times) => times * magnitude >= rough) ?? 10) * magnitude;
  const count = Math.max(1, Math.ceil(most / step));
  return { domain: [0, count * step], ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}
