/** What each device of a local push service has accepted, in the order of acceptance. */

export interface Accepted {
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, decrypted. */
  readonly payload: string;
  /** Absent if the payload left the icon alone. */
  readonly badge?: number;
}

/** Oldest entries of a device go first. Its last badge is kept for ever. */
const keptPerDevice = 1000;

export class AcceptedPushes {
  /** Told of each one, for whoever watches. */
  onAccepted: ((device: string, accepted: Accepted) => void) | undefined;
  readonly #byDevice = new Map<string, Accepted[]>();
  readonly #badges = new Map<string, number>();
  #total = 0;

  add(device: string, { headers, ...rest }: Accepted): void {
    // Whoever watches sees what was sent, not the credentials it was sent with.
    const { authorization: _, ...shown } = headers;
    const accepted: Accepted = { ...rest, headers: shown };
    const list = this.#byDevice.get(device) ?? [];
    this.#byDevice.set(device, list);
    list.push(accepted);
    if (list.length > keptPerDevice) list.shift();
    if (accepted.badge !== undefined) this.#badges.set(device, accepted.badge);
    this.#total += 1;
    this.onAccepted?.(device, accepted);
  }

  of(device: string): readonly Accepted[] {
    return this.#byDevice.get(device) ?? [];
  }

  /** What the icon shows: undefined if no push has ever set it. */
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
