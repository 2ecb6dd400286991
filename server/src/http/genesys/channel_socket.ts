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

type SocketState =
  /** Messages that arrive before the channel is found are ignored. Clients send only pings, and send them again. */
  | { readonly kind: 'finding' }
  | { readonly kind: 'connected'; readonly connection: ChannelConnection }
  | { readonly kind: 'closed' };

interface Parameters {
  readonly app_id: string;
  readonly channel_id: string;
  readonly secret: string;
}

export function addChannelSocket(app: FastifyInstance, service: Service, live: Live): void {
  app.get<{ Params: Parameters }>(
    '/channels/:app_id/:channel_id/:secret',
    { config: { access: 'public', isAlwaysAdmitted: true }, schema: { hide: true }, websocket: true },
    (socket, { params }) => {
      const id = { app: params.app_id, id: params.channel_id };
      let state: SocketState = { kind: 'finding' };
      socket.on('message', (data) => {
        if (state.kind === 'connected') state.connection.receive(String(data));
      });
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        if (state.kind === 'connected') live.disconnected(state.connection);
        state = { kind: 'closed' };
      });
      const refuse = () => socket.close(policyViolation, 'There is no such channel.');
      if (!isChannelSecret(service, id, params.secret)) return refuse();
      findChannel(service, id.app, id.id)
        .then((channel) => {
          if (channel === undefined) refuse();
          else if (state.kind === 'finding')
            state = { kind: 'connected', connection: live.connect(channel, socket) };
        })
        .catch(() => socket.terminate());
    },
  );
}
