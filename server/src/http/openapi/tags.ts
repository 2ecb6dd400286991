/** The tags of operations, in the order in which a newcomer needs them. */
export const tags = [
  { name: 'badges', description: "Read and explain a user's badge, and set the external counts in it." },
  { name: 'conversations', description: "Conversations, for the app's backend." },
  { name: 'messages', description: 'Send, read and delete messages. Their content is not stored.' },
  { name: 'receipts', description: 'Record which messages and announcements a user has read.' },
  {
    name: 'conversations of a user',
    description: 'Conversations of one participant: list them, mark them as read, mute them.',
  },
  { name: 'messages of a user', description: 'Messages of one participant: send, read and delete them.' },
  { name: 'announcements', description: 'Announcements to a list of users, or to everyone.' },
  { name: 'blocks', description: 'Users whose messages do not count for a user.' },
  { name: 'batch', description: 'Many operations in one request.' },
  { name: 'devices', description: 'The devices that receive the pushes of a user.' },
  { name: 'notifications', description: 'Pushes to a list of users, without a message.' },
  { name: 'tokens', description: 'Tokens for users of the app.' },
  {
    name: 'chat badges',
    description: 'The Genesys-style API: unread chats of the signed-in user, by person or group.',
  },
  {
    name: 'notification channels',
    description: 'The Genesys-style API: WebSockets that emit an event when a chat badge changes.',
  },
  { name: 'admin', description: 'Apps, tokens, push credentials and OAuth clients, for the operator.' },
  { name: 'operations', description: 'Health, metrics and the error reference.' },
] as const;
