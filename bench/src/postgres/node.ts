/** Starts nodes of node_main.ts, and has their clients run. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { nextMessage, numberIn, startChild } from '../measure/child.js';

export interface NodeInput {
  readonly url: string;
  readonly app: string;
  readonly conversations: readonly string[];
}

export interface NodeRun {
  readonly what: 'messages' | 'reads';
  readonly clients: number;
  readonly seconds: number;
}

export interface NodeSample {
  readonly calls: number;
  readonly seconds: number;
  /** Calls a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the node for each call. */
  readonly cpuMicroseconds: number;
  readonly rowsPerCommit: number;
  readonly headQueries: number;
}

export class Node {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(input: NodeInput): Promise<Node> {
    const process = startChild(new URL('./node_main.js', import.meta.url), input);
    await nextMessage(process);
    return new Node(process);
  }

  async run(wanted: NodeRun): Promise<NodeSample> {
    this.#process.send(wanted);
    const message = await nextMessage(this.#process);
    const [calls, seconds] = [numberIn(message, 'calls'), numberIn(message, 'seconds')];
    return {
      calls,
      seconds,
      rate: calls / seconds,
      p50Ms: numberIn(message, 'p50Ms'),
      p99Ms: numberIn(message, 'p99Ms'),
      cpuMicroseconds: (numberIn(message, 'cpuMs') * 1000) / calls,
      rowsPerCommit: numberIn(message, 'rows') / numberIn(message, 'commits'),
      headQueries: numberIn(message, 'headQueries'),
    };
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.send('stop');
    await ended;
  }
}
