/** The texts of the messages that this page sent. The server does not store them. */
import { useState } from 'react';
import type { Person } from './people.js';

interface Saying {
  readonly message: string;
  readonly conversation: string;
  readonly position: number;
  readonly by: Person;
  readonly text: string;
}

export interface Transcript {
  readonly sayings: readonly Saying[];
  readonly add: (saying: Saying) => void;
}

export function useTranscript(): Transcript {
  const [sayings, setSayings] = useState<readonly Saying[]>([]);
  return { sayings, add: (saying) => setSayings((before) => [...before, saying]) };
}

export function textOf({ sayings }: Transcript, message: string): string | undefined {
  return sayings.find((saying) => saying.message === message)?.text;
}

/** The position of the last message of another user, if this page sent it. */
export function lastPositionOfOthers(
  { sayings }: Transcript,
  conversation: string,
  person: Person,
): number | undefined {
  return sayings.findLast((saying) => saying.conversation === conversation && saying.by !== person)?.position;
}
