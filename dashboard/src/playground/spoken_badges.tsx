/** The numbers that changed, for those who do not see them: said once, when they have come to rest. */
import { VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { HeardOf } from './live_badges.js';
import { type Person, people } from './people.js';

const restMs = 400;

export function SpokenBadges({ heard }: { readonly heard: HeardOf }) {
  const [rested] = useDebouncedValue(heard, restMs);
  const known = useRef(new Map<Person, number | null>());
  const [news, setNews] = useState('');
  useEffect(() => {
    // What is there at first is on the page, and no news.
    for (const [person, badge] of badgesOf(heard))
      if (!known.current.has(person)) known.current.set(person, badge);
  }, [heard]);
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

/** Of those who were heard of. */
function badgesOf(heard: HeardOf): [Person, number | null][] {
  return people.flatMap((person) => {
    const { badge } = heard[person];
    return badge === undefined ? [] : [[person, badge.badge]];
  });
}
