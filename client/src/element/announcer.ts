/**
 * Announces changes to screen readers, for all elements of a page: one live region
 * (https://www.w3.org/TR/wai-aria/#status) outside of the elements, since a button around an element would make the
 * region part of its own name. At most one announcement in five seconds, with the latest text of each element.
 */
import { hiddenStyles } from './styles.js';

/** Milliseconds between two announcements. */
const QUIET_MS = 5000;

let region: HTMLElement | undefined;
/** The latest text of each element, not announced yet. */
const waiting = new Map<object, string>();
let isQuiet = false;

export function announce(source: object, text: string): void {
  waiting.set(source, text);
  if (!isQuiet) speak();
}

function speak(): void {
  isQuiet = waiting.size > 0;
  if (!isQuiet) return;
  liveRegion().textContent = [...new Set(waiting.values())].join(', ');
  waiting.clear();
  setTimeout(speak, QUIET_MS);
}

/** Created again if the page has removed it. */
function liveRegion(): HTMLElement {
  if (region?.isConnected) return region;
  const host = document.createElement('div');
  host.dataset.badgedAnnouncer = '';
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [hiddenStyles()];
  region = document.createElement('div');
  region.setAttribute('role', 'status');
  root.append(region);
  document.body.append(host);
  return region;
}

/** Screen readers often skip a region that is added with its text, so elements call this when they are connected. */
export function prepareAnnouncer(): void {
  if (document.body !== null) liveRegion();
}
