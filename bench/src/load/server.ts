/** The HTTP API in a process of its own, over a data directory or over a store that keeps nothing. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { nextMessage, numberIn, startChild, textIn } from '../measure/child.js';

export interface ServerFigures {
  /** All three are 0 where nothing is kept. */
  readonly commits: number;
  readonly commands: number;
  readonly rows: number;
  readonly cpuMs: number;
}

export class Server {
  readonly url: string;
  /** An app of its own and its token, where nothing is kept; otherwise empty. */
  readonly app: string;
  readonly token: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, answer: unknown) {
    this.#process = process;
    this.url = textIn(answer, 'url');
    this.app = textIn(answer, 'app');
    this.token = textIn(answer, 'token');
  }

  static async start(store: { readonly directory: string } | { readonly answering: true }): Promise<Server> {
    const process = startChild(new URL('./server_main.js', import.meta.url), store);
    return new Server(process, await nextMessage(process));
  }

  async figures(): Promise<ServerFigures> {
    this.#process.send('figures');
    const message = await nextMessage(this.#process);
    return {
      commits: numberIn(message, 'commits'),
      commands: numberIn(message, 'commands'),
      rows: numberIn(message, 'rows'),
      cpuMs: numberIn(message, 'cpuMs'),
    };
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.send('stop');
    await ended;
  }
}
