/** The form to send a message, with a sample text, so that one click sends it. */
import { ActionIcon, TextInput } from '@mantine/core';
import { IconSend2 } from '@tabler/icons-react';
import { useState } from 'react';
import { send } from './actions.js';
import type { Chat } from './chats.js';
import classes from './compose.module.css';
import { usePlayground } from './mutations.js';
import { type Person, saying } from './people.js';

export function Compose({ person, chat }: { readonly person: Person; readonly chat: Chat }) {
  const { app, act, transcript } = usePlayground();
  const [turn, setTurn] = useState(0);
  const [text, setText] = useState(saying(person, 0));
  const [isSending, setSending] = useState(false);
  const submit = async () => {
    if (isSending) return;
    const sent = text.trim() || saying(person, turn);
    setSending(true);
    const isSent = await act(`${person} sends a message`, (through) =>
      send(through, app, person, chat, sent, transcript),
    );
    setSending(false);
    if (!isSent) return;
    setTurn(turn + 1);
    // Keeps a text that was typed meanwhile.
    setText((current) => (current === text ? saying(person, turn + 1) : current));
  };
  return (
    <form
      className={classes.compose}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextInput
        className={classes.text ?? ''}
        radius="xl"
        size="sm"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        placeholder={`To ${chat.title}`}
        aria-label={`Message from ${person} to ${chat.title}`}
        autoComplete="off"
        maxLength={500}
      />
      <ActionIcon type="submit" variant="filled" size={36} radius="xl" aria-label={`Send from ${person}`}>
        <IconSend2 size={19} />
      </ActionIcon>
    </form>
  );
}
