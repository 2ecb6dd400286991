/** The menu of a phone: notification levels, blocks, and the explanation of the badge. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconListDetails } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../server/api.js';
import type { Chat } from './chats.js';
import { usePlayground } from './mutations.js';
import { type Person, people } from './people.js';
import classes from './phone_menu.module.css';

interface PhoneMenuProps {
  readonly person: Person;
  readonly chat: Chat | undefined;
  readonly onExplain: () => void;
}

const levels = [
  { level: 'all', label: 'Every message' },
  { level: 'mentions', label: 'Mentions only' },
  { level: 'none', label: 'None: muted' },
] as const;

export function PhoneMenu({ person, chat, onExplain }: PhoneMenuProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon className={classes.button ?? ''} variant="transparent" aria-label={`More for ${person}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconListDetails size={16} aria-hidden />} onClick={onExplain}>
          Explain the badge
        </Menu.Item>
        {chat !== undefined && <Levels person={person} chat={chat} />}
        {opened && <Blocks person={person} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function Levels({ person, chat }: { readonly person: Person; readonly chat: Chat }) {
  const { app, act } = usePlayground();
  const of = { app_uuid: app.id, user_id: person, conversation_id: chat.id };
  return (
    <>
      <Menu.Label>In {chat.title}, count</Menu.Label>
      {levels.map(({ level, label }) => (
        <Menu.RadioItem
          key={level}
          value={level}
          checked={chat.level === level}
          onChange={() =>
            act(`${person} sets notifications`, (through) => through.setNotifications({ ...of, level }))
          }
        >
          {label}
        </Menu.RadioItem>
      ))}
    </>
  );
}

function Blocks({ person }: { readonly person: Person }) {
  const { app, act } = usePlayground();
  const of = { app_uuid: app.id, owner_id: person };
  const { data: blocks = [] } = useQuery({
    queryKey: ['blocks', app.id, person],
    queryFn: () => api.listBlocks(of),
  });
  const toggle = (user: Person, isBlocked: boolean) =>
    act(`${person} ${isBlocked ? 'blocks' : 'unblocks'} ${user}`, (through) =>
      isBlocked
        ? through.createBlock({ ...of, user_id: user })
        : through.deleteBlock({ ...of, user_id: user }),
    );
  return (
    <>
      <Menu.Label>Do not count messages from</Menu.Label>
      {people
        .filter((other) => other !== person)
        .map((other) => (
          <Menu.CheckboxItem
            key={other}
            checked={blocks.some(({ user_id }) => user_id === other)}
            onChange={(isBlocked) => toggle(other, isBlocked)}
          >
            {other} (block)
          </Menu.CheckboxItem>
        ))}
    </>
  );
}
