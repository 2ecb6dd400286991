/** A date, with the time as its title. */
interface WhenProps {
  /** ISO 8601. */
  readonly at: string;
  /** Default: the date only. */
  readonly withTime?: boolean;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function When({ at, withTime = false }: WhenProps) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={dayAndTime.format(date)}>
      {(withTime ? dayAndTime : day).format(date)}
    </time>
  );
}
