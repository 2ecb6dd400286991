/**
 * Logs what would be sent, and sends nothing: the transport of an app without credentials.
 * It replaces one platform, and has that platform's capabilities.
 */
import type { Alert } from '../alert.js';
import { type Capabilities, capabilities, type Platform } from '../capabilities.js';
import { deliveryProblem } from '../delivery_check.js';
import type { Delivery, Outcome, Prepared, PushTarget, Transport } from '../port.js';
import { delivered, retry, type Verdict } from '../verdict.js';

/** One line of the log. Without a badge, the icon would stay as it is. */
export interface LogRequest {
  readonly platform: Platform;
  readonly device: string;
  readonly badge?: number;
  readonly alert?: Alert;
  readonly collapseId?: string;
}

export class LogTransport<A extends PushTarget = PushTarget> implements Transport<A, LogRequest> {
  readonly platform: Platform;
  readonly capabilities: Capabilities;
  readonly #write: (request: LogRequest) => void;
  #closed = false;

  constructor(platform: A['platform'], write: (request: LogRequest) => void) {
    this.platform = platform;
    this.capabilities = capabilities[platform];
    this.#write = write;
  }

  request(delivery: Delivery<A>): Prepared<LogRequest> {
    const refused = deliveryProblem(delivery);
    if (refused) return { refused };
    const { target, badge, alert, collapseId } = delivery;
    return {
      request: {
        platform: target.platform,
        device: recognisable(target),
        ...(badge === undefined ? {} : { badge }),
        ...(alert === undefined ? {} : { alert }),
        ...(collapseId === undefined ? {} : { collapseId }),
      },
    };
  }

  async send(request: LogRequest): Promise<Outcome> {
    if (this.#closed) return { verdict: retry('provider', 'the transport is closed') };
    this.#write(request);
    return { verdict: delivered };
  }

  /** There is no response. */
  classify(): Verdict {
    return delivered;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

/** Enough to distinguish devices in a log, too little to push to one. */
function recognisable(target: PushTarget): string {
  if (target.platform !== 'webpush') return start(target.token);
  const url = URL.canParse(target.endpoint) ? new URL(target.endpoint) : undefined;
  return url === undefined ? '…' : `${url.host}/${start(url.pathname.slice(1))}`;
}

function start(secret: string): string {
  return `${secret.slice(0, Math.min(8, Math.floor(secret.length / 4)))}…`;
}
