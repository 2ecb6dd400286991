/** The count of things that only the app's backend knows, such as open tasks: set from outside, added to the badge. */
import { ActionIcon, NumberInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { usePlayground } from './acting.js';
import { setExternal } from './deeds.js';
import classes from './external_count.module.css';
import type { Person } from './people.js';

/** Several clicks in a row are one call. */
const restMs = 250;
const most = 1_000_000_000;

export function ExternalCount({
  person,
  count = 0,
}: {
  readonly person: Person;
  readonly count: number | undefined;
}) {
  const { app, act } = usePlayground();
  const [wanted, setWanted] = useState(count);
  // What the server says holds, whoever set it.
  useEffect(() => setWanted(count), [count]);
  const set = useDebouncedCallback(
    (sum: number) => act(`${person}'s count is set`, (through) => setExternal(through, app, person, sum)),
    restMs,
  );
  const want = (sum: number) => {
    const next = Math.min(most, Math.max(0, sum));
    setWanted(next);
    set(next);
  };
  return (
    <div className={classes.count}>
      <span className={classes.label} id={`external-of-${person}`}>
        External count
      </span>
      <ActionIcon
        variant="default"
        size={28}
        onClick={() => want(wanted - 1)}
        disabled={wanted === 0}
        aria-label={`One less for ${person}`}
      >
        <IconMinus size={15} />
      </ActionIcon>
      <NumberInput
        className={classes.number ?? ''}
        value={wanted}
        onChange={(value) => typeof value === 'number' && value !== wanted && want(value)}
        min={0}
        max={most}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        size="xs"
        aria-label={`External count of ${person}`}
      />
      <ActionIcon
        variant="default"
        size={28}
        onClick={() => want(wanted + 1)}
        aria-label={`One more for ${person}`}
      >
        <IconPlus size={15} />
      </ActionIcon>
    </div>
  );
}
