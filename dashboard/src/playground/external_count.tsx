/** The external count: a number that the app's backend sets, such as open tasks, and that the badge includes. */
import { ActionIcon, NumberInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { setExternal } from './actions.js';
import classes from './external_count.module.css';
import { usePlayground } from './mutations.js';
import type { Person } from './people.js';

/** Clicks in quick succession make one call. */
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
  // The server's count wins.
  useEffect(() => setWanted(count), [count]);
  const set = useDebouncedCallback(
    (sum: number) =>
      act(`Set the external count of ${person}`, (through) => setExternal(through, app, person, sum)),
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
