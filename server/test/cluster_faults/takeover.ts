/**
 * A server is killed (-9) while the pushes that it began have no response yet, and others take its work over: how long until
 * every device shows the true number, and has the alert.
 */

import { call } from '../process/server_process.js';
import { eventually } from '../push/delivery_world.js';
import { type Chat, ClusterWorld, type Slot } from './world.js';

export interface Takeover {
  /** From the kill until every device was right. */
  readonly seconds: number;
  /** Pushes that the killed server had begun. */
  readonly begun: number;
}

/** Kills one server after another, each with pushes in flight. */
export async function takeovers(rounds: number, say: (line: string) => void): Promise<readonly Takeover[]> {
  const world = await ClusterWorld.open({ apps: 2, conversationsPerApp: 4 });
  const { script } = world.providers.apns;
  const found: Takeover[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const slot = world.slots[round % world.slots.length];
      if (slot === undefined) throw new Error('there is no server');
      // No provider responds: what this server begins, it cannot finish.
      script.longestWaitMs = Number.POSITIVE_INFINITY;
      script.decide = () => ({ hold: 'request' });
      const text = `round ${round}`;
      await Promise.all(world.chats.map((chat) => send(slot, chat, text)));
      await eventually(() => {
        if (script.held < world.watched.length) throw new Error(`${script.held} pushes have begun`);
      }, 60_000);
      const begun = script.held;
      await slot.server.kill();
      const killedAt = performance.now();
      script.clear();
      await eventually(() => allShown(world, slot, text), 120_000);
      const seconds = (performance.now() - killedAt) / 1_000;
      found.push({ seconds, begun });
      say(`${begun} pushes of a killed server were taken over within ${seconds.toFixed(1)} s`);
      dropHeld(world);
      await world.start(slot);
    }
    return found;
  } finally {
    script.clear();
    dropHeld(world);
    await world.close();
  }
}

/** What the killed server began never arrives. */
function dropHeld({ providers: { apns } }: ClusterWorld): void {
  apns.script.longestWaitMs = 0;
  apns.script.release();
}

async function send({ server }: Slot, chat: Chat, text: string): Promise<void> {
  const path = `/apps/${chat.app}/conversations/${chat.id}/messages`;
  const body = {
    sender: { user_id: chat.sender },
    parts: [{ body: text, mime_type: 'text/plain' }],
    notification: { title: 'A message', text },
  };
  const { status } = await call(server, chat.token, 'POST', path, body);
  if (status !== 201) throw new Error(`a message got ${status}`);
}

async function allShown(world: ClusterWorld, killed: Slot, text: string): Promise<void> {
  const other = world.slots.find((slot) => slot !== killed);
  if (other === undefined) throw new Error('there is no other server');
  for (const { chat, user, device } of world.watched) {
    const badge = Number((await world.badge(other, chat, user)).unread_message_count);
    const { accepted } = world.providers.apns;
    if (!accepted.of(device).some(({ payload }) => payload.includes(text)))
      throw new Error(`The device of ${user} has not got the alert of ${text}.`);
    const number = accepted.badge(device);
    if (number !== badge) throw new Error(`The device of ${user} shows ${number}. The badge is ${badge}.`);
  }
}
