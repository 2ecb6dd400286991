/**
 * <badged-count>: a number on a bell, or on any icon that is put into it. It is given the number, or a watch to follow.
 * It is built node by node, so it works under Trusted Types and a Content-Security-Policy without 'unsafe-inline'.
 */
import type { Badge } from '../badge/badge.js';
import { cappedCount } from '../badge/count_text.js';
import { announce, prepareAnnouncer } from './announcer.js';
import { bell } from './bell.js';
import { countStyles } from './styles.js';

/** As much of a BadgeWatch as is needed here. */
export interface CountSource {
  subscribe(listener: (badge: Badge | undefined) => void): () => void;
}

const DEFAULT_MAX = 99;
const DEFAULT_LABEL = '{count} unread';

/** On a server there are no elements: importing this defines none. */
const Base: typeof HTMLElement =
  typeof HTMLElement === 'undefined' ? (class {} as typeof HTMLElement) : HTMLElement;

export class BadgedCountElement extends Base {
  static readonly observedAttributes = ['value', 'max', 'label', 'show-zero'];
  #count: HTMLElement | undefined;
  #watch: CountSource | undefined;
  #unsubscribe: (() => void) | undefined;
  /** The number that was shown last. Only a change of it is announced. */
  #shown: number | undefined;

  connectedCallback(): void {
    this.#count ??= build(this);
    prepareAnnouncer();
    this.#upgrade('value');
    this.#upgrade('watch');
    this.#render();
    this.#follow();
  }

  disconnectedCallback(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  attributeChangedCallback(): void {
    this.#render();
  }

  /** Null while it is unknown: then nothing is shown, not even with `showZero`. */
  get value(): number | null {
    return wholeNumber(this.getAttribute('value'));
  }

  set value(value: number | null | undefined) {
    if (value === null || value === undefined) this.removeAttribute('value');
    else this.setAttribute('value', String(value));
  }

  /** The largest number that is written out. The label always has the whole number. */
  get max(): number {
    return wholeNumber(this.getAttribute('max')) ?? DEFAULT_MAX;
  }

  set max(max: number) {
    this.setAttribute('max', String(max));
  }

  /** What screen readers read; {count} stands for the number. */
  get label(): string {
    return this.getAttribute('label') ?? DEFAULT_LABEL;
  }

  set label(label: string) {
    this.setAttribute('label', label);
  }

  get showZero(): boolean {
    return this.hasAttribute('show-zero');
  }

  set showZero(showZero: boolean) {
    this.toggleAttribute('show-zero', showZero);
  }

  /** A watch to follow. Where badges are disabled, the number stays as it is. */
  get watch(): CountSource | undefined {
    return this.#watch;
  }

  set watch(watch: CountSource | undefined) {
    this.disconnectedCallback();
    this.#watch = watch;
    if (this.isConnected) this.#follow();
  }

  /** A property that was set before the element was defined hides the accessor: it is set again. */
  #upgrade(name: 'value' | 'watch'): void {
    if (!Object.hasOwn(this, name)) return;
    const early: unknown = Reflect.get(this, name);
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, early);
  }

  #follow(): void {
    this.#unsubscribe ??= this.#watch?.subscribe((badge) => {
      if (badge === undefined) this.value = null;
      else if (badge.badge !== null) this.value = badge.badge;
    });
  }

  #render(): void {
    if (this.#count === undefined) return;
    const { value, max } = this;
    const isShown = value !== null && (value > 0 || this.showZero);
    const text = value === 0 ? '0' : cappedCount(value ?? 0, max);
    const label = this.label.replaceAll('{count}', String(value ?? 0));
    this.#count.hidden = !isShown;
    this.#count.setAttribute('aria-label', label);
    if (this.#count.textContent !== text) this.#count.textContent = text;
    if (value !== null && this.#shown !== undefined && value !== this.#shown) {
      if (this.getAttribute('announce') !== 'off') announce(this, label);
    }
    this.#shown = value ?? undefined;
  }
}

function build(host: HTMLElement): HTMLElement {
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [countStyles()];
  const icon = document.createElement('slot');
  icon.append(bell());
  const count = document.createElement('span');
  count.part.add('count');
  // One image with the whole number as its name: "120 unread", where "99+" is written.
  count.setAttribute('role', 'img');
  count.hidden = true;
  root.append(icon, count);
  return count;
}

function wholeNumber(text: string | null): number | null {
  if (text === null || !/^\s*\d+\s*$/.test(text)) return null;
  return Number(text);
}

declare global {
  interface HTMLElementTagNameMap {
    'badged-count': BadgedCountElement;
  }
}
