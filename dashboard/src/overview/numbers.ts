/** Formats numbers and times. */

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const small = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const exactClock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** 0.1, 12.3, 1.23K. */
export function amount(value: number): string {
  return value < 10 ? small.format(value) : compact.format(value);
}

export function perSecond(value: number): string {
  return `${amount(value)}/s`;
}

/** 0.52 ms, 12.3 ms, 1.2 s. */
export function duration(ms: number): string {
  return ms < 1000 ? `${amount(ms)} ms` : `${small.format(ms / 1000)} s`;
}

export function timeOfDay(at: number): string {
  return clock.format(at);
}

export function exactTimeOfDay(at: number): string {
  return exactClock.format(at);
}

/** 40 seconds, 12 minutes, 3 hours, 5 days: rounded down. */
export function timeSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  for (const [unit, length] of units) {
    const count = Math.floor(seconds / length);
    if (count >= 2 || unit === 'second') return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return '';
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
