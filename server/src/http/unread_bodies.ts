/**
 * What becomes of a body that nothing reads, because its request was refused. For a moment it is received and dropped, so
 * that the client finishes sending and reads the response; then the connection is closed.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { BodyReader } from './foundation/request_body.js';

const lingerMs = 2_000;

export function dropUnreadBodies(app: FastifyInstance, bodies: BodyReader): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    // Fastify would close the connection at once, and the client might not see the response.
    if (bodies.hasRefused(request)) reply.removeHeader('connection');
    done(null, payload);
  });
  app.addHook('onResponse', (request, _reply, done) => {
    // Node sets `complete` only after a response that was sent at once, so a body that was read may still seem to arrive.
    if (isArriving(request.raw)) setImmediate(() => isArriving(request.raw) && closeSoon(request.raw));
    done();
  });
}

function isArriving({ complete, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return hasBody && complete === false;
}

function closeSoon(raw: IncomingMessage): void {
  const { socket } = raw;
  const onClose = () => clearTimeout(timer);
  const timer = setTimeout(() => {
    socket.off('close', onClose);
    if (!raw.complete) socket.destroy();
  }, lingerMs);
  socket.once('close', onClose);
}
