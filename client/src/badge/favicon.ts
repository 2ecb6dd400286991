/**
 * The number on the icon of a tab. The page's own `<link rel="icon">` elements stay where they are, since a framework
 * may hold on to them, but stand aside while the number is shown; at 0 they are as they were. If the page changes its
 * icon meanwhile, the number is drawn on the new one.
 */
import { cappedCount } from './count_text.js';
import { drawFavicon, type FaviconStyle } from './favicon_drawing.js';
import type { Surface } from './surface.js';

export interface FaviconOptions extends Partial<FaviconStyle> {
  /** The icon to draw on, if it is not the one that the page links to. */
  readonly icon?: string;
  /** The largest number that is written out: 99. */
  readonly max?: number;
}

/** What a link's `rel` is while it stands aside: no browser knows it. */
const ASIDE = 'badged-own-icon';
const SELECTOR = `link[rel~="icon" i]:not([data-badged]), link[rel="${ASIDE}"]`;

export function faviconSurface(options: FaviconOptions): Surface | undefined {
  if (typeof document === 'undefined' || typeof MutationObserver === 'undefined') return undefined;
  return new NumberedFavicon(options);
}

class NumberedFavicon implements Surface {
  readonly #options: FaviconOptions;
  readonly #style: FaviconStyle;
  readonly #link = document.createElement('link');
  /** The page's own links, with the `rel` that each had. */
  readonly #aside = new Map<HTMLLinkElement, string>();
  readonly #observer = new MutationObserver((changes) => this.#hear(changes));
  #text = '';
  #icon: { readonly url: string; readonly image: Promise<HTMLImageElement | undefined> } | undefined;

  constructor(options: FaviconOptions) {
    this.#options = options;
    this.#style = { background: options.background ?? '#c81e1e', color: options.color ?? '#fff' };
    this.#link.rel = 'icon';
    this.#link.type = 'image/png';
    this.#link.dataset.badged = '';
  }

  show(count: number): void {
    const text = cappedCount(count, this.#options.max ?? 99);
    if (text === this.#text) return;
    this.#text = text;
    if (text === '') this.#clear();
    else void this.#draw();
  }

  restore(): void {
    this.show(0);
  }

  async #draw(): Promise<void> {
    const text = this.#text;
    const icon = await this.#loadIcon();
    // Meanwhile there may be another number, which is drawn by itself.
    if (text !== this.#text) return;
    const url = drawFavicon(icon, text, this.#style);
    if (url === undefined) return;
    for (const link of ownLinks()) this.#putAside(link);
    this.#link.href = url;
    document.head.append(this.#link);
    const attributeFilter = ['href', 'rel', 'media'];
    this.#observer.observe(document.head, { childList: true, subtree: true, attributeFilter });
    this.#observer.takeRecords();
  }

  #putAside(link: HTMLLinkElement): void {
    if (link.rel === ASIDE) return;
    this.#aside.set(link, link.rel);
    link.rel = ASIDE;
  }

  #clear(): void {
    this.#observer.disconnect();
    for (const [link, rel] of this.#aside) link.rel = rel;
    const hadNone = this.#aside.size === 0 && this.#link.isConnected;
    this.#aside.clear();
    // A tab keeps the last icon that it was given, unless it is given another.
    if (hadNone) this.#link.href = this.#iconUrl();
    else this.#link.remove();
  }

  #hear(changes: readonly MutationRecord[]): void {
    const isOwn = (node: Node) => node !== this.#link && node.nodeName === 'LINK';
    if (changes.some(({ target, addedNodes }) => isOwn(target) || [...addedNodes].some(isOwn)))
      void this.#draw();
  }

  #loadIcon(): Promise<HTMLImageElement | undefined> {
    const url = this.#iconUrl();
    if (this.#icon?.url !== url) this.#icon = { url, image: loadImage(url) };
    return this.#icon.image;
  }

  #iconUrl(): string {
    return this.#options.icon ?? best(ownLinks())?.href ?? new URL('/favicon.ico', document.baseURI).href;
  }
}

function ownLinks(): HTMLLinkElement[] {
  return [...document.head.querySelectorAll<HTMLLinkElement>(SELECTOR)];
}

/** Of those meant for this screen the largest; one that scales is as good as a large one. */
function best(links: readonly HTMLLinkElement[]): HTMLLinkElement | undefined {
  const size = ({ sizes, type }: HTMLLinkElement) =>
    sizes.value === 'any' || type === 'image/svg+xml' ? 64 : Number.parseInt(sizes.value, 10) || 0;
  return links
    .filter(({ media }) => media === '' || matchMedia(media).matches)
    .reduce<HTMLLinkElement | undefined>(
      (largest, link) => (largest !== undefined && size(largest) > size(link) ? largest : link),
      undefined,
    );
}

/** Undefined if there is none. */
async function loadImage(url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  // Of another origin, only what allows to be read can be drawn on.
  image.crossOrigin = 'anonymous';
  image.src = url;
  return image.decode().then(
    () => image,
    () => undefined,
  );
}
