/** Announces changed badges to screen readers, once they have not changed for a moment. */
import { VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { StreamStates } from './live_badges.js';
import { type Person, people } from './people.js';

const restMs = 400;

export function BadgeAnnouncer({ streams }: { readonly streams: StreamStates }) {
  const [rested] = useDebouncedValue(streams, restMs);
  const known = useRef(new Map<Person, number | null>());
  const [news, setNews] = useState('');
  useEffect(() => {
    // The first badge is not a change.
    for (const [person, badge] of badgesOf(streams))
      if (!known.current.has(person)) known.current.set(person, badge);
  }, [streams]);
  useEffect(() => {
    const changed = badgesOf(rested).filter(([person, badge]) => known.current.get(person) !== badge);
    for (const [person, badge] of changed) known.current.set(person, badge);
    if (changed.length > 0)
      setNews(changed.map(([person, badge]) => `${person}: ${badge ?? 'no badge'}`).join(', '));
  }, [rested]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {news}
    </VisuallyHidden>
  );
}

/** The badges received so far. */
function badgesOf(streams: StreamStates): [Person, number | null][] {
  return people.flatMap((person) => {
    const { badge } = streams[person];
    return badge === undefined ? [] : [[person, badge.badge]];
  });
}
