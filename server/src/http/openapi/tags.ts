/** What the operations are about, in the order in which a newcomer needs them. */
export const tags = [
  { name: 'badges', description: "A user's badge: read, explained, and the external counts in it." },
  { name: 'conversations', description: "Conversations, as the app's backend works with them." },
  { name: 'messages', description: 'Messages: sent and deleted. Their content is not stored.' },
  { name: 'receipts', description: 'What a user has read: messages and announcements.' },
  {
    name: 'conversations of a user',
    description: 'Conversations, as one participant sees, reads and mutes them.',
  },
  { name: 'announcements', description: 'Announcements to named users, or to everyone.' },
  { name: 'blocks', description: 'Users whose messages do not count for a user.' },
  { name: 'batch', description: 'Many operations in one request.' },
  { name: 'devices', description: 'The devices that a user gets pushes on.' },
  { name: 'notifications', description: 'Pushes without a message, to named users.' },
  { name: 'tokens', description: "Tokens for the app's users." },
  {
    name: 'chat badges',
    description: 'The Genesys-style API: unread chats of the signed-in user, by the entity they came from.',
  },
  {
    name: 'notification channels',
    description: 'The Genesys-style API: WebSockets that say when a chat badge changes.',
  },
  { name: 'admin', description: 'Apps, tokens, push credentials and OAuth clients, for the operator.' },
  { name: 'operations', description: 'Health, metrics and the error reference.' },
] as const;
