/** A relative time, with the exact time as its title. */
import { useInterval } from '@mantine/hooks';
import { useReducer } from 'react';

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export function TimeAgo({ at }: { readonly at: string }) {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useInterval(again, 10_000, { autoInvoke: true });
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ago(Date.parse(at), Date.now())}
    </time>
  );
}

/** Never in the future, even if the server's clock is ahead of the browser's. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < 5) return 'just now';
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1];
  return format.format(-Math.floor(seconds / size), unit);
}
