/**
 * Stores the phone's link in localStorage, so that the installed app has it, and removes it from the URL and the history.
 *
 * On iOS, an installed app has its own storage. There the link stays in the URL until the app is installed, and a
 * manifest without start_url makes the icon open that URL.
 */
import { type PhoneLink, parsePhoneLink, phoneFragment } from './phone_link.js';

const key = 'badged.phone-link';
/** The last link in the URL: on iOS the icon opens it at each start, even after a newer one was pasted. */
const addressKey = 'badged.phone-link-in-address';

export function readLink(): PhoneLink | undefined {
  const linked = parsePhoneLink(location.hash);
  if (linked !== undefined) {
    const text = phoneFragment(linked);
    if (text !== localStorage.getItem(addressKey)) storeLink(linked);
    localStorage.setItem(addressKey, text);
    if (!isIosBrowser()) history.replaceState(null, '', location.pathname);
  }
  return parsePhoneLink(localStorage.getItem(key) ?? '');
}

export function storeLink(link: PhoneLink): void {
  localStorage.setItem(key, phoneFragment(link));
}

export function removeLink(): void {
  localStorage.removeItem(key);
  if (!isIosApp()) localStorage.removeItem(addressKey);
  history.replaceState(null, '', location.pathname);
}

/** Whether this is a browser page, not an installed app, on iOS. Only WebKit on iOS has the property. */
export function isIosBrowser(): boolean {
  return Reflect.get(navigator, 'standalone') === false;
}

export function isInstalled(): boolean {
  return isIosApp() || matchMedia('(display-mode: standalone)').matches;
}

function isIosApp(): boolean {
  return Reflect.get(navigator, 'standalone') === true;
}
