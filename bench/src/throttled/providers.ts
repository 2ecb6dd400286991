/** The throttling providers in a process of their own, and when each device accepted its numbers. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { nextMessage, numberIn, startChild, textIn } from '../measure/child.js';

/** A number that a quiet device is to get. */
interface Expected {
  readonly badge: number;
  readonly sinceMs: number;
  readonly onArrived: (tookMs: number) => void;
}

export class Providers {
  /** By the variables that tell the server where its providers are. */
  readonly env: Readonly<Record<string, string>>;
  /** The credentials to set, as JSON. */
  readonly credentials: Readonly<Record<'apns' | 'fcm', string>>;
  readonly #process: ChildProcess;
  readonly #expected = new Map<string, Expected[]>();

  private constructor(process: ChildProcess, started: unknown) {
    const apns = textIn(started, 'apnsOrigin');
    this.#process = process;
    this.env = {
      BADGED_PUSH_APNS_ORIGIN: apns,
      BADGED_PUSH_APNS_SANDBOX_ORIGIN: apns,
      BADGED_PUSH_FCM_ORIGIN: textIn(started, 'fcmOrigin'),
      BADGED_PUSH_FCM_TOKEN_URL: textIn(started, 'fcmTokenUrl'),
    };
    this.credentials = { apns: textIn(started, 'apnsKey'), fcm: textIn(started, 'fcmAccount') };
    process.on('message', (message) => this.#accepted(message));
  }

  /** A device gets so many pushes at once before its provider throttles it. */
  static async start(burst: number): Promise<Providers> {
    const process = startChild(new URL('./providers_main.js', import.meta.url), { burst });
    return new Providers(process, await nextMessage(process));
  }

  /** Calls back once the device has accepted this number, or one that came after it. */
  expect(device: string, badge: number, onArrived: (tookMs: number) => void): void {
    const expected = this.#expected.get(device) ?? [];
    this.#expected.set(device, expected);
    expected.push({ badge, sinceMs: Date.now(), onArrived });
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }

  #accepted(message: unknown): void {
    const [badge, atMs] = [numberIn(message, 'badge'), numberIn(message, 'atMs')];
    const expected = this.#expected.get(textIn(message, 'device')) ?? [];
    while (expected[0] !== undefined && expected[0].badge <= badge) {
      const { sinceMs, onArrived } = expected.shift() ?? expected[0];
      onArrived(atMs - sinceMs);
    }
  }
}
