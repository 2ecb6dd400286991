/**
 * Requests that offer another protocol (RFC 9110, section 7.8). Only the URL of a channel is a WebSocket. Any other
 * offer is ignored, and the request is served as HTTP/1.1, body included.
 */
import { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { channelPath } from './genesys/channel_socket.js';

/**
 * A request that Node hands over to the `upgrade` listener only if it opens a WebSocket at the URL of a channel.
 *
 * Once a server has a listener for `upgrade`, which the WebSocket plugin adds, Node emits `upgrade` in place of
 * `request` for every request with an Upgrade header, and stops parsing: the body is lost. Java's HttpClient sends
 * such a header (`h2c`) with each request. Node 24 has the option shouldUpgradeCallback for this. Older versions have
 * not, but all of them read the decision from this property of the class that the documented option IncomingMessage
 * names, after they have parsed the headers. What is left is Node's own limit: requests that are pipelined behind an
 * offer, in the same packet, are dropped.
 */
export class UpgradableRequest extends IncomingMessage {
  // Declared only: a field would be initialized after Node's constructor has assigned the property below.
  declare private isOffered: boolean | null;

  /** What Node's parser found: the request has an Upgrade header that its Connection header names, or is a CONNECT. */
  set upgrade(isOffered: boolean | null) {
    this.isOffered = isOffered;
  }

  get upgrade(): boolean {
    return this.isOffered === true && (this.method === 'CONNECT' || opensChannel(this));
  }
}

function opensChannel({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && channelPath.test(url) && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Closes the connection of an upgrade that was refused. Node no longer tracks a connection after an upgrade, so
 * closing the server would wait for it.
 */
export function closeRefusedUpgrades(app: FastifyInstance): void {
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw instanceof UpgradableRequest && raw.upgrade) raw.socket.destroySoon();
    done();
  });
}
