/** What was said on this page. The server stores no content: only this page knows it, until it is left. */
import { useState } from 'react';
import type { Person } from './people.js';

interface Saying {
  readonly message: string;
  readonly conversation: string;
  readonly position: number;
  readonly by: Person;
  readonly text: string;
}

export interface Said {
  readonly sayings: readonly Saying[];
  readonly add: (saying: Saying) => void;
}

export function useSaid(): Said {
  const [sayings, setSayings] = useState<readonly Saying[]>([]);
  return { sayings, add: (saying) => setSayings((before) => [...before, saying]) };
}

export function textOf({ sayings }: Said, message: string): string | undefined {
  return sayings.find((saying) => saying.message === message)?.text;
}

/** Where in a conversation somebody else spoke last, as far as this page knows. */
export function lastOfOthers({ sayings }: Said, conversation: string, person: Person): number | undefined {
  return sayings.findLast((saying) => saying.conversation === conversation && saying.by !== person)?.position;
}
