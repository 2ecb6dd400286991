/** The numbers that changed, for those who do not see them: said once, when they have come to rest. */
import { VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { HeardOf } from './live_badges.js';
import { people } from './people.js';

const restMs = 400;

export function SpokenBadges({ heard }: { readonly heard: HeardOf }) {
  const [rested] = useDebouncedValue(heard, restMs);
  const before = useRef(rested);
  const [news, setNews] = useState('');
  useEffect(() => {
    const changed = people.filter((person) => {
      const was = before.current[person].badge;
      // What is there at first is on the page, and no news.
      return was !== undefined && rested[person].badge?.badge !== was.badge;
    });
    before.current = rested;
    if (changed.length > 0)
      setNews(changed.map((person) => `${person}: ${said(rested[person].badge?.badge)}`).join(', '));
  }, [rested]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {news}
    </VisuallyHidden>
  );
}

function said(badge: number | null | undefined): string {
  return badge === null || badge === undefined ? 'no badge' : `${badge}`;
}
