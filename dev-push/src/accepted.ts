/** The pushes that a local push service accepted for each device, in order. */

export interface Accepted {
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As received, and decrypted where the protocol encrypts it. */
  readonly payload: string;
  /** Absent if the payload does not set the badge. */
  readonly badge?: number;
}

/** The oldest pushes of a device are dropped first. Its last badge is never dropped. */
const maxPushesPerDevice = 1000;

export class AcceptedPushes {
  /** Called for each accepted push. */
  onAccepted: ((device: string, accepted: Accepted) => void) | undefined;
  readonly #byDevice = new Map<string, Accepted[]>();
  readonly #badges = new Map<string, number>();
  #total = 0;

  add(device: string, { headers, ...rest }: Accepted): void {
    // The record is for display, so it has no credentials.
    const { authorization: _, ...shown } = headers;
    const accepted: Accepted = { ...rest, headers: shown };
    const list = this.#byDevice.get(device) ?? [];
    this.#byDevice.set(device, list);
    list.push(accepted);
    if (list.length > maxPushesPerDevice) list.shift();
    if (accepted.badge !== undefined) this.#badges.set(device, accepted.badge);
    this.#total += 1;
    this.onAccepted?.(device, accepted);
  }

  of(device: string): readonly Accepted[] {
    return this.#byDevice.get(device) ?? [];
  }

  /** The number on the icon; undefined if no push has set it. */
  badge(device: string): number | undefined {
    return this.#badges.get(device);
  }

  get devices(): readonly string[] {
    return [...this.#byDevice.keys()];
  }

  get total(): number {
    return this.#total;
  }
}
