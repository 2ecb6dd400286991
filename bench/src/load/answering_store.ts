/**
 * A store that answers a message without storing anything: what is left of a request's cost is HTTP, schemas
 * and tokens. Apps and tokens it keeps in memory, as the embedded store does.
 */
import { randomUUID } from 'node:crypto';
import type { Command, CommandType, MessageView, Outcome } from '@badged/core';
import { ReferenceStore } from '@badged/server/store/reference';

/** Every conversation has these, so that answers are as long as those of a real one. */
export const members: readonly string[] = Array.from({ length: 5 }, (_, index) => `member-${index + 1}`);

export class AnsweringStore extends ReferenceStore {
  #position = 0;

  override execute<T extends CommandType>(app: string, command: Command<T>): Promise<Outcome<T>>;
  override async execute(app: string, command: Command): Promise<Outcome> {
    return command.type === 'send_message' ? { value: this.#view(command) } : super.execute(app, command);
  }

  #view({ conversation, sender, at }: Command<'send_message'>): MessageView {
    this.#position += 1;
    const own = 'userId' in sender ? sender.userId : undefined;
    const status = members.map((member) => [member, member === own ? 'read' : 'sent'] as const);
    return {
      id: randomUUID(),
      conversation,
      position: this.#position,
      sender,
      sentAt: at,
      recipientStatus: Object.fromEntries(status),
    };
  }
}
