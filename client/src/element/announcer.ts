/**
 * What screen readers are told of changes, for all elements of a page: one live region (https://www.w3.org/TR/wai-aria/
 * #status), outside of the elements, since a button around one of them would make the region part of its own name.
 * It is told at most once in a while, and then the latest only: a burst of messages is not a burst of speech.
 */
import { hiddenStyles } from './styles.js';

/** Between two announcements. */
export const QUIET_MS = 5000;

let region: HTMLElement | undefined;
/** The latest of each element. */
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

/** Made anew if the page has thrown it out with the rest of its body. */
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

/** A region that comes with its text is often not read: elements call this when they come. */
export function prepareAnnouncer(): void {
  if (document.body !== null) liveRegion();
}
