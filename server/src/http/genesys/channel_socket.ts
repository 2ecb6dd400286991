/** The WebSocket of a notification channel: its secret URL is all that a client needs to read it. */
import type {} from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { ChannelConnection } from '../../live/channel_connection.js';
import type { Live } from '../../live/live.js';
import { findChannel, isChannelSecret } from '../../service/channels.js';
import type { Service } from '../../service/service.js';

/** RFC 6455, section 7.4.1. */
const policyViolation = 1008;

/** The URLs of channels, as the route below matches them. */
export const channelPath = /^\/channels\/[^/?]+\/[^/?]+\/[^/?]+\/?(?:\?|$)/;

interface Parameters {
  readonly app_id: string;
  readonly channel_id: string;
  readonly secret: string;
}

export function addChannelSocket(app: FastifyInstance, service: Service, live: Live): void {
  app.get<{ Params: Parameters }>(
    '/channels/:app_id/:channel_id/:secret',
    { config: { access: 'public' }, schema: { hide: true }, websocket: true },
    (socket, { params }) => {
      const address = { app: params.app_id, id: params.channel_id };
      // Messages that arrive before the channel is found are ignored. Clients send only pings, and send them again.
      let connection: ChannelConnection | undefined;
      let isOpen = true;
      socket.on('message', (data) => connection?.receive(String(data)));
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        isOpen = false;
        if (connection !== undefined) live.disconnected(connection);
      });
      const refuse = () => socket.close(policyViolation, 'There is no such channel.');
      if (!isChannelSecret(service, address, params.secret)) return refuse();
      findChannel(service, address.app, address.id)
        .then((channel) => {
          if (channel === undefined) refuse();
          else if (isOpen) connection = live.connect(channel, socket);
        })
        .catch(() => socket.terminate());
    },
  );
}
