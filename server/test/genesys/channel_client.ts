/** A client of notification channels, on a real WebSocket: it keeps every frame, and can wait for one. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Frame {
  readonly topicName: string;
  readonly eventBody: {
    readonly message?: string;
    readonly entity?: { readonly jabberId: string };
    readonly unreadCount?: number;
  };
}

export class ChannelClient {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  readonly closed: Promise<number>;
  #arrived = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#arrived();
    });
  }

  static async connect(uri: string, options: { readonly ca?: string } = {}): Promise<ChannelClient> {
    const client = new ChannelClient(new WebSocket(uri, options));
    await once(client.socket, 'open');
    return client;
  }

  /** The first frame of which this holds, that came or that comes. */
  async frame(isMeant: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(isMeant);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Answered only once everything before it was sent. */
  async ping(): Promise<void> {
    const before = this.frames.filter(isPong).length;
    this.socket.send(JSON.stringify({ message: 'ping' }));
    while (this.frames.filter(isPong).length === before)
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
  }

  /** The counts that were told, in order, as [jabberId, count]. */
  counts(): unknown[] {
    return this.frames
      .filter(({ topicName }) => topicName !== 'channel.metadata')
      .map(({ eventBody }) => [eventBody.entity?.jabberId, eventBody.unreadCount]);
  }
}

export const isPong = ({ eventBody }: Frame) => eventBody.message === 'pong';
export const isCount = (jabberId: string, count: number) => (frame: Frame) =>
  frame.eventBody.entity?.jabberId === jabberId && frame.eventBody.unreadCount === count;
