/**
 * The number in front of the page's title: "(3) Inbox". The page may change its title at any time, also to one derived
 * from what it read: the number is put in front again.
 */
import { titlePrefix, withoutPrefix } from './count_text.js';
import type { Surface } from './surface.js';

/** Another script may keep setting its own title, too. After so many corrections in a second, it wins. */
const CORRECTIONS_PER_SECOND = 20;

export function titleSurface(): Surface | undefined {
  if (typeof document === 'undefined' || typeof MutationObserver === 'undefined') return undefined;
  return new NumberedTitle();
}

class NumberedTitle implements Surface {
  #prefix = '';
  /** The page's title without the number. */
  #own = '';
  /** The title as it read after it was written here. Anything else was set by the page. */
  #written = '';
  #corrections = 0;
  #countedSince = 0;
  readonly #observer = new MutationObserver(() => this.#correct());

  show(count: number): void {
    this.#adopt();
    this.#prefix = titlePrefix(count);
    this.#write();
    // The title element may be replaced, so the whole head is observed.
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
    // What was just written is not a change by the page.
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
