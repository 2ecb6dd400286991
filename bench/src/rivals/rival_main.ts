/** The server of a rival: Fastify without a logger, one comparison of the token, and the routes and schemas of a careful user. */
import Fastify from 'fastify';
import { answer, input, textIn } from '../measure/child.js';
import { type Counting, NoCounting } from './counting.js';
import { PostgresCounting } from './postgres_counting.js';
import { RedisCounting } from './redis_counting.js';
import { allRooms, readRooms, unreadMessages } from './scene.js';

const wanted = await input();
const authorization = `Bearer ${textIn(wanted, 'token')}`;
const counting = countingOf(textIn(wanted, 'kind'), textIn(wanted, 'database'));
await counting.prepare(allRooms(), 0);
await counting.prepare(readRooms(), unreadMessages);

const text = { type: 'string' };
const count = { type: 'integer' };
const sendMessage = {
  body: {
    type: 'object',
    required: ['sender', 'parts'],
    properties: {
      sender: { type: 'object', required: ['user_id'], properties: { user_id: text } },
      parts: {
        type: 'array',
        items: {
          type: 'object',
          required: ['body', 'mime_type'],
          properties: { body: text, mime_type: text },
        },
      },
    },
  },
  response: { 201: { type: 'object', properties: { id: text, position: count } } },
};
const badge = {
  response: {
    200: {
      type: 'object',
      properties: {
        external_unread_count: count,
        unread_conversation_count: count,
        unread_message_count: count,
        badge: count,
      },
    },
  },
};

const app = Fastify();
app.addHook('onRequest', (request, reply, done) => {
  if (request.headers.authorization === authorization) done();
  else reply.code(401).send({ message: 'Send a valid token.' });
});
app.post<{ Params: { conversation: string }; Body: { sender: { user_id: string } } }>(
  '/apps/:app/conversations/:conversation/messages',
  { schema: sendMessage },
  async ({ params, body }, reply) => {
    const sent = await counting.send(params.conversation, body.sender.user_id);
    return sent === undefined ? reply.code(404).send() : reply.code(201).send(sent);
  },
);
app.get<{ Params: { user: string } }>(
  '/apps/:app/users/:user/badge',
  { schema: badge },
  async ({ params }) => {
    const { messages, conversations } = await counting.counts(params.user);
    return {
      external_unread_count: 0,
      unread_conversation_count: conversations,
      unread_message_count: messages,
      badge: messages,
    };
  },
);
await answer({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });

function countingOf(kind: string, database: string): Counting {
  if (kind === 'redis') return new RedisCounting(database);
  return kind === 'postgres' ? new PostgresCounting(database) : new NoCounting();
}
