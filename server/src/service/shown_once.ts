/**
 * Secrets that the program shows once, such as the admin token. Until they were shown they are stored sealed, so that
 * a start which fails or is killed loses nothing: the next start shows the same ones
 * (docs/decisions/0016-tokens-are-pending-until-printed.md).
 */
import type { AppRegistry } from '../store/port.js';
import type { SecretKey } from './sealing.js';

/** What remains of a secret after it was shown is never longer than a SHA-256 hash; a sealed value always is. */
const longestRemainder = 32;

/** Either the text, which is still to be shown, or what remains of it. */
export type Shown =
  | { readonly kind: 'pending'; readonly text: string }
  | { readonly kind: 'shown'; readonly remainder: Uint8Array };

export class ShownOnce {
  readonly #registry: AppRegistry;
  readonly #secretKey: SecretKey;

  constructor(registry: AppRegistry, secretKey: SecretKey) {
    this.#registry = registry;
    this.#secretKey = secretKey;
  }

  /** What is stored under the name. The first time, and if it was sealed with another secret key, it is made anew. */
  async open(name: string, make: () => string): Promise<Shown> {
    const made = make();
    const stored = await this.#registry.secret(name, this.#seal(name, made));
    if (stored.length <= longestRemainder) return { kind: 'shown', remainder: stored };
    const text = this.#secretKey.open(stored, context(name));
    if (text === undefined) await this.#registry.replaceSecret(name, this.#seal(name, made));
    return { kind: 'pending', text: text ?? made };
  }

  /** Nothing is to be shown under the name, unless something is pending already. */
  async omit(name: string): Promise<void> {
    await this.#registry.secret(name, new Uint8Array());
  }

  /** The text was shown: only the remainder, of 32 bytes at most, is stored from here on. */
  async shown(name: string, remainder: Uint8Array): Promise<void> {
    if (remainder.length > longestRemainder) throw new Error(`the remainder of ${name} is too long`);
    await this.#registry.replaceSecret(name, remainder);
  }

  #seal(name: string, text: string): Uint8Array {
    return this.#secretKey.seal(text, context(name));
  }
}

function context(name: string): readonly string[] {
  return ['shown once', name];
}
