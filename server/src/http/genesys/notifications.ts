/** Notification channels and what they subscribe to. */

import Type from 'typebox';
import type { Live } from '../../live/live.js';
import {
  type Channel,
  channelSecret,
  listChannels,
  openChannel,
  ownChannel,
  setTopics,
  topicOf,
} from '../../service/channels.js';
import type { Service } from '../../service/service.js';
import { type Call, type Endpoint, endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ApiError } from '../foundation/errors.js';
import { isoTime, Time } from '../foundation/ids.js';
import { userBearerOf } from './bearer.js';
import { examples } from './examples.js';

const tag = 'notification channels';
const url = '/api/v2/notifications/channels';
const params = { channel_id: Type.String() };

const Topic = Type.Object(
  { id: Type.String({ description: 'The id of the topic, such as v2.users.USER.badges.chats.' }) },
  { $id: 'ChannelTopic' },
);
const Topics = Type.Object({ entities: Type.Array(Topic) }, { $id: 'ChannelTopicEntityListing' });
const ChannelResponse = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    connectUri: Type.String({ format: 'uri', description: 'The URL of the WebSocket. It is secret.' }),
    expires: Time,
  },
  { $id: 'Channel' },
);
const Channels = Type.Object({ entities: Type.Array(ChannelResponse) }, { $id: 'ChannelEntityListing' });
const AvailableTopic = Type.Object(
  { id: Type.String(), description: Type.String() },
  { $id: 'AvailableTopic' },
);
const AvailableTopics = Type.Object(
  { entities: Type.Array(AvailableTopic) },
  { $id: 'AvailableTopicEntityListing' },
);
const topicsBody = {
  topics: Type.Array(Topic, { maxItems: 1_000, description: 'A list of {"id": TOPIC}.' }),
};

const available = endpoint({
  name: 'get_notifications_availabletopics',
  example: examples.get_notifications_availabletopics,
  summary: 'List the available topics.',
  tag,
  method: 'GET',
  url: '/api/v2/notifications/availabletopics',
  access: 'oauth',
  params: {},
  responses: {
    200: AvailableTopics,
  },
  run: async () => {
    const description = "Every change of an unread count of the user's chat badges.";
    return respond(200, { entities: [{ id: topicOf('{id}'), description }] });
  },
});

const create = endpoint({
  name: 'post_notifications_channels',
  example: examples.post_notifications_channels,
  idempotency: 'none',
  summary: 'Open a channel. A user has at most twenty with one client; beyond that, the oldest is closed.',
  tag,
  method: 'POST',
  url,
  access: 'me',
  params: {},
  responses: { 200: ChannelResponse },
  run: async (call) =>
    respond(200, channelResponse(call, await openChannel(call.service, userBearerOf(call)))),
});

const list = endpoint({
  name: 'get_notifications_channels',
  example: examples.get_notifications_channels,
  summary: "List the user's channels with this client, oldest first.",
  tag,
  method: 'GET',
  url,
  access: 'me',
  params: {},
  responses: { 200: Channels },
  run: async (call) => {
    const channels = await listChannels(call.service, userBearerOf(call));
    return respond(200, { entities: channels.map((channel) => channelResponse(call, channel)) });
  },
});

const subscriptions = { tag, url: `${url}/:channel_id/subscriptions`, access: 'me', params } as const;

const read = endpoint({
  ...subscriptions,
  name: 'get_notifications_channel_subscriptions',
  example: examples.get_notifications_channel_subscriptions,
  summary: 'List the subscriptions of a channel.',
  method: 'GET',
  responses: { 200: Topics },
  run: async (call, { channel_id }) =>
    respond(200, topicsResponse((await ownChannel(call.service, userBearerOf(call), channel_id)).topics)),
});

function changing(live: Live): readonly Endpoint[] {
  const change = async (call: Call, id: string, topics: (channel: Channel) => readonly string[]) => {
    const channel = await ownChannel(call.service, userBearerOf(call), id);
    const changed = [...new Set(topics(channel))];
    refuseForeign(channel, changed);
    await setTopics(call.service, channel, changed);
    await live.topicsChanged(id);
    return changed;
  };
  const add = endpoint({
    ...subscriptions,
    name: 'post_notifications_channel_subscriptions',
    example: examples.post_notifications_channel_subscriptions,
    idempotency: 'natural',
    summary: 'Add subscriptions to a channel.',
    method: 'POST',
    body: topicsBody,
    bodyIs: 'topics',
    responses: { 200: Topics },
    run: async (call, { channel_id, topics }) => {
      const ids = topics.map(({ id }) => id);
      return respond(
        200,
        topicsResponse(await change(call, channel_id, (before) => [...before.topics, ...ids])),
      );
    },
  });
  const replace = endpoint({
    ...subscriptions,
    name: 'put_notifications_channel_subscriptions',
    example: examples.put_notifications_channel_subscriptions,
    summary: 'Replace the subscriptions of a channel.',
    method: 'PUT',
    body: topicsBody,
    bodyIs: 'topics',
    responses: { 200: Topics },
    run: async (call, { channel_id, topics }) => {
      const ids = topics.map(({ id }) => id);
      return respond(200, topicsResponse(await change(call, channel_id, () => ids)));
    },
  });
  const remove = endpoint({
    ...subscriptions,
    name: 'delete_notifications_channel_subscriptions',
    summary: 'Remove all subscriptions of a channel.',
    method: 'DELETE',
    responses: { 204: NoContent },
    run: async (call, { channel_id }) => {
      await change(call, channel_id, () => []);
      return noContent;
    },
  });
  return [add, replace, remove];
}

export function notificationEndpoints(live: Live): readonly Endpoint[] {
  return [available, create, list, read, ...changing(live)];
}

/** Refuses every topic but the user's own one. */
function refuseForeign({ user }: Channel, topics: readonly string[]): void {
  for (const topic of topics) {
    if (topic === topicOf(user)) continue;
    throw new ApiError(
      'access_denied',
      `The topic ${JSON.stringify(topic.slice(0, 300))} is not this user's. Theirs is ${JSON.stringify(topicOf(user))}.`,
    );
  }
}

function topicsResponse(topics: readonly string[]) {
  return { entities: topics.map((id) => ({ id })) };
}

function channelResponse({ service, base }: Pick<Call, 'base'> & { service: Service }, channel: Channel) {
  const { id, app, expiresAt } = channel;
  const socket = base.replace(/^http/, 'ws');
  return {
    id,
    connectUri: `${socket}/channels/${app}/${id}/${channelSecret(service, channel)}`,
    expires: isoTime(expiresAt),
  };
}
