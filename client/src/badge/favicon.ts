/**
 * The number on the icon of a tab. The page's own `<link rel="icon">` elements stay in the document, since a framework
 * may hold references to them, but their `rel` is replaced while the number is shown; at 0 they are as they were. If the
 * page changes its icon meanwhile, the number is drawn on the new one.
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

/** The `rel` of the page's own links while the number is shown: browsers ignore it. */
const DISABLED = 'badged-own-icon';
const SELECTOR = `link[rel~="icon" i]:not([data-badged]), link[rel="${DISABLED}"]`;

export function faviconSurface(options: FaviconOptions): Surface | undefined {
  if (typeof document === 'undefined' || typeof MutationObserver === 'undefined') return undefined;
  return new NumberedFavicon(options);
}

class NumberedFavicon implements Surface {
  readonly #options: FaviconOptions;
  readonly #style: FaviconStyle;
  readonly #link = document.createElement('link');
  /** The page's own links, with their original `rel`. */
  readonly #disabled = new Map<HTMLLinkElement, string>();
  readonly #observer = new MutationObserver((changes) => this.#onChange(changes));
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
    // If the number changed meanwhile, another call draws it.
    if (text !== this.#text) return;
    const url = drawFavicon(icon, text, this.#style);
    if (url === undefined) return;
    for (const link of ownLinks()) this.#disable(link);
    this.#link.href = url;
    document.head.append(this.#link);
    const attributeFilter = ['href', 'rel', 'media'];
    this.#observer.observe(document.head, { childList: true, subtree: true, attributeFilter });
    this.#observer.takeRecords();
  }

  #disable(link: HTMLLinkElement): void {
    if (link.rel === DISABLED) return;
    this.#disabled.set(link, link.rel);
    link.rel = DISABLED;
  }

  #clear(): void {
    this.#observer.disconnect();
    for (const [link, rel] of this.#disabled) link.rel = rel;
    const hadNone = this.#disabled.size === 0 && this.#link.isConnected;
    this.#disabled.clear();
    // A tab shows its last icon until it gets another one.
    if (hadNone) this.#link.href = this.#iconUrl();
    else this.#link.remove();
  }

  #onChange(changes: readonly MutationRecord[]): void {
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

/** The largest of those for this screen. One that scales counts as 64 pixels. */
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

/** Undefined if it cannot be loaded. */
async function loadImage(url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  // An icon of another origin can be drawn on only if CORS allows to read it.
  image.crossOrigin = 'anonymous';
  image.src = url;
  return image.decode().then(
    () => image,
    () => undefined,
  );
}
