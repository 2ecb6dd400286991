/** A person's phone, and the external count below it. */
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { ChatList } from './chat_list.js';
import { type Chat, chatsOf, useChats } from './chats.js';
import { Compose } from './compose.js';
import { ExplainModal } from './explain_modal.js';
import { ExternalCount } from './external_count.js';
import { HomeScreen } from './home_screen.js';
import type { PersonStream } from './live_badges.js';
import { usePlayground } from './mutations.js';
import type { Person } from './people.js';
import classes from './person.module.css';
import { PhoneMenu } from './phone_menu.js';

interface PersonWithPhoneProps {
  readonly person: Person;
  readonly streams: PersonStream;
}

export function PersonWithPhone({ person, streams: { badge, error, isDisconnected } }: PersonWithPhoneProps) {
  const { app, transcript } = usePlayground();
  const { data: conversations = [], error: listError, isFetching } = useChats(app.id, person);
  const chats = chatsOf(person, conversations, badge, transcript);
  const [chosen, setChosen] = useState<string>();
  const chat: Chat | undefined = chats.find(({ id }) => id === chosen) ?? chats[0];
  const [isExplaining, explaining] = useDisclosure(false);
  // A lost connection is shown already, and a list that is loading may succeed.
  const problem = error ?? (isDisconnected || isFetching ? null : listError);
  return (
    <article className={classes.person} aria-labelledby={`phone-of-${person}`} data-person={person}>
      <div className={classes.phone}>
        <div className={classes.top}>
          <h2 id={`phone-of-${person}`} className={classes.name}>
            {person}
          </h2>
          <PhoneMenu person={person} chat={chat} onExplain={explaining.open} />
        </div>
        <HomeScreen badge={badge} isDisconnected={isDisconnected} onExplain={explaining.open} />
        <div className={classes.app}>
          {problem !== undefined && problem !== null && <ErrorNote error={problem} p="xs" m="xs" />}
          <ChatList person={person} chats={chats} chosen={chat?.id} badge={badge} onChoose={setChosen} />
          {chat !== undefined && <Compose person={person} chat={chat} />}
        </div>
      </div>
      <ExternalCount person={person} count={badge?.external_unread_count} />
      <ExplainModal
        person={person}
        chats={chats}
        badge={badge}
        opened={isExplaining}
        onClose={explaining.close}
      />
    </article>
  );
}
