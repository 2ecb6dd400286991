/**
 * The number in front of the page's title: "(3) Inbox". The page may change its title whenever it likes, also to
 * something it made of the one that it read: the number is put in front again.
 */
import { titlePrefix, withoutPrefix } from './count_text.js';
import type { Surface } from './surface.js';

/** Another script may insist on its own title as well. After so many corrections in a second, it has its way. */
const CORRECTIONS_PER_SECOND = 20;

export function titleSurface(): Surface | undefined {
  if (typeof document === 'undefined' || typeof MutationObserver === 'undefined') return undefined;
  return new NumberedTitle();
}

class NumberedTitle implements Surface {
  #prefix = '';
  /** The page's title as it would be without the number. */
  #own = '';
  /** What the title read after it was written here: anything else is the page's doing. */
  #written = '';
  #corrections = 0;
  #countedSince = 0;
  readonly #observer = new MutationObserver(() => this.#correct());

  show(count: number): void {
    this.#adopt();
    this.#prefix = titlePrefix(count);
    this.#write();
    // The element itself may be replaced, so it is looked for in the whole head.
    if (count > 0)
      this.#observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    else this.#observer.disconnect();
  }

  restore(): void {
    this.show(0);
  }

  #adopt(): void {
    if (this.#prefix === '') this.#own = document.title;
    else if (document.title !== this.#written) this.#own = withoutPrefix(document.title, this.#prefix);
  }

  #write(): void {
    const title = this.#prefix + this.#own;
    if (document.title !== title.trim()) document.title = title;
    this.#written = document.title;
    // What was just written is no change of the page's.
    this.#observer.takeRecords();
  }

  #correct(): void {
    if (document.title === this.#written) return;
    const now = performance.now();
    if (now - this.#countedSince > 1000) {
      this.#countedSince = now;
      this.#corrections = 0;
    }
    if (++this.#corrections > CORRECTIONS_PER_SECOND) return;
    this.#adopt();
    this.#write();
  }
}
