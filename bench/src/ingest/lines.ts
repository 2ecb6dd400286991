/** What is streamed: the same lines for every side, a function of their number. */

const conversations = 1_000;
const participants = 5;

/** Operations of a batch that create the conversations. */
export function creations(): object[] {
  return Array.from({ length: conversations }, (_, room) => ({
    operation: 'create_conversation',
    id: `room-${room}`,
    participants: Array.from({ length: participants }, (_, index) => userOf(room, index)),
  }));
}

/** As an outbox or a queue has it: with an id of the sender's own, so that a line may be sent again. */
export function lineOf(message: number, ids: () => string): string {
  const room = message % conversations;
  const operation = {
    operation: 'send_message',
    conversation_id: `room-${room}`,
    id: ids(),
    sender: { user_id: userOf(room, message % participants) },
    parts: [{ body: 'See you at eight, at the usual place?', mime_type: 'text/plain' }],
  };
  return `${JSON.stringify(operation)}\n`;
}

function userOf(room: number, index: number): string {
  return `user-${(room * participants + index) % 2_000}`;
}
