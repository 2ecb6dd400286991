/** A person: their phone, and below it what their app's backend counts for them elsewhere. */
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { usePlayground } from './acting.js';
import { ChatList } from './chat_list.js';
import { type Chat, chatsOf, useChats } from './chats.js';
import { Compose } from './compose.js';
import { ExplainModal } from './explain_modal.js';
import { ExternalCount } from './external_count.js';
import { HomeScreen } from './home_screen.js';
import type { Heard } from './live_badges.js';
import type { Person } from './people.js';
import classes from './person.module.css';
import { PhoneMenu } from './phone_menu.js';

interface PersonWithPhoneProps {
  readonly person: Person;
  readonly heard: Heard;
}

export function PersonWithPhone({ person, heard: { badge, error, isCut } }: PersonWithPhoneProps) {
  const { app, said } = usePlayground();
  const { data: conversations = [], error: listError, isFetching } = useChats(app.id, person);
  const chats = chatsOf(person, conversations, badge, said);
  const [chosen, setChosen] = useState<string>();
  const chat: Chat | undefined = chats.find(({ id }) => id === chosen) ?? chats[0];
  const [isExplaining, explaining] = useDisclosure(false);
  // That the connection is lost is said already, and a list that is being read again is about to be there.
  const problem = error ?? (isCut || isFetching ? null : listError);
  return (
    <article className={classes.person} aria-labelledby={`phone-of-${person}`} data-person={person}>
      <div className={classes.phone}>
        <div className={classes.top}>
          <h2 id={`phone-of-${person}`} className={classes.name}>
            {person}
          </h2>
          <PhoneMenu person={person} chat={chat} onExplain={explaining.open} />
        </div>
        <HomeScreen badge={badge} isCut={isCut} onExplain={explaining.open} />
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
