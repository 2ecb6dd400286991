/** The conversations on a phone, with their unread counts. A click reads a conversation, and selects it. */
import { ActionIcon, Avatar, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconAt, IconBellOff, IconMailOpened, IconSpeakerphone } from '@tabler/icons-react';
import { readAnnouncements } from './actions.js';
import classes from './chat_list.module.css';
import { type Chat, maxChats } from './chats.js';
import { countedAnnouncements, plural } from './counted.js';
import type { LiveBadge } from './live_badges.js';
import { usePlayground } from './mutations.js';
import { colorOf, type Person } from './people.js';

interface ChatListProps {
  readonly person: Person;
  readonly chats: readonly Chat[];
  readonly chosen: string | undefined;
  readonly badge: LiveBadge | undefined;
  readonly onChoose: (chat: string) => void;
}

export function ChatList({ person, chats, chosen, badge, onChoose }: ChatListProps) {
  return (
    <ul className={classes.list}>
      <Announcements
        person={person}
        count={badge?.unread_announcement_count ?? 0}
        isCounted={badge !== undefined && countedAnnouncements(badge) > 0}
      />
      {chats.map((chat) => (
        <ChatRow
          key={chat.id}
          person={person}
          chat={chat}
          isChosen={chat.id === chosen}
          onChoose={() => onChoose(chat.id)}
        />
      ))}
      {chats.length === maxChats && <li className={classes.more}>The newest {maxChats}</li>}
    </ul>
  );
}

interface ChatRowProps {
  readonly person: Person;
  readonly chat: Chat;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function ChatRow({ person, chat, isChosen, onChoose }: ChatRowProps) {
  const { app, act } = usePlayground();
  const { id, title, unread, unreadFrom, preview } = chat;
  const of = { app_uuid: app.id, user_id: person, conversation_id: id };
  const open = () => {
    onChoose();
    if (unread > 0) act(`${person} reads a conversation`, (through) => through.markAllRead(of));
  };
  const markUnread = (position: number) =>
    act(`${person} marks unread`, (through) => through.markUnread({ ...of, position }));
  return (
    <li className={classes.row} data-chosen={isChosen || undefined}>
      <UnstyledButton className={classes.chat ?? ''} onClick={open} aria-current={isChosen || undefined}>
        <Avatar name={title} color={colorOf(title)} variant="filled" size={32} aria-hidden />
        <span className={classes.words}>
          <span className={classes.title}>{title}</span>
          <span className={classes.preview} data-unread={(unread > 0 && chat.isCounted) || undefined}>
            {preview}
          </span>
        </span>
        <LevelIcon level={chat.level} />
        {unread > 0 && (
          <span className={classes.count} data-quiet={!chat.isCounted || undefined}>
            {unread}
            <VisuallyHidden>{chat.isCounted ? ' unread' : ' unread, not counted'}</VisuallyHidden>
          </span>
        )}
      </UnstyledButton>
      {unread === 0 && unreadFrom !== undefined && (
        <Tooltip label="Mark as unread">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            mr={6}
            onClick={() => markUnread(unreadFrom)}
            aria-label={`${person}: mark ${title} as unread`}
          >
            <IconMailOpened size={15} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

function LevelIcon({ level }: { readonly level: Chat['level'] }) {
  if (level === 'none') return <IconBellOff size={14} aria-label="Muted" />;
  return level === 'mentions' ? <IconAt size={14} aria-label="Mentions only" /> : null;
}

interface AnnouncementsProps {
  readonly person: Person;
  readonly count: number;
  readonly isCounted: boolean;
}

function Announcements({ person, count, isCounted }: AnnouncementsProps) {
  const { app, act } = usePlayground();
  if (count === 0) return null;
  return (
    <li className={classes.row}>
      <UnstyledButton
        className={classes.chat ?? ''}
        onClick={() =>
          act(`${person} reads announcements`, (through) => readAnnouncements(through, app, person))
        }
      >
        <Avatar color="orange" size={32} aria-hidden>
          <IconSpeakerphone size={18} />
        </Avatar>
        <span className={classes.words}>
          <span className={classes.title}>The team</span>
          <span className={classes.preview} data-unread={isCounted || undefined} data-whole>
            {plural(count, 'announcement')}
            {isCounted ? '' : ', not counted'}
          </span>
        </span>
        <span className={classes.count} data-quiet={!isCounted || undefined}>
          {count}
          <VisuallyHidden> unread</VisuallyHidden>
        </span>
      </UnstyledButton>
    </li>
  );
}
