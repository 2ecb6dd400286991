/** Who of some users is meant by an audience now: the smaller of the two sides is walked. */
import type { Audience } from '../push_port.js';
import type { LoadedApp } from './apps.js';

interface Candidates {
  readonly size: number;
  has(user: string): boolean;
  keys(): Iterable<string>;
}

export function meant({ machine }: LoadedApp, audience: Audience, users: Candidates, now: number): string[] {
  switch (audience.kind) {
    case 'everyone':
      return [...users.keys()];
    case 'users':
      return [...new Set(audience.users)].filter((user) => users.has(user));
    case 'conversation':
      return participants(machine, audience.conversation, users);
    case 'message': {
      const { conversation, position } = audience;
      const present = participants(machine, conversation, users);
      return present.filter((user) => machine.isMessageFor(user, conversation, position, now));
    }
    case 'announcement':
      return [...users.keys()].filter((user) => machine.isAnnouncementFor(user, audience.announcement));
  }
}

function participants(machine: LoadedApp['machine'], conversation: string, users: Candidates): string[] {
  if (machine.participantCount(conversation) > users.size) {
    return [...users.keys()].filter((user) => machine.takesPart(user, conversation));
  }
  return [...machine.participants(conversation)].filter((user) => users.has(user));
}
