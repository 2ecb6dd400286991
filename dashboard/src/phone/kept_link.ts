/**
 * Where the phone keeps its link. Once read, the token leaves the address, and with it the history and whatever is
 * shared or bookmarked from there; it stays in this origin's storage, so that the app works when it is opened from its
 * icon. That lasts as long as the token: 30 days, for one user who can be read and registered for, and nothing else.
 *
 * Safari on iOS gives an app on the home screen a storage of its own. There the link stays in the address until the app
 * is installed, and a manifest without a start address makes the icon open exactly that address.
 */
import { type PhoneLink, parsePhoneLink, phoneFragment } from './phone_link.js';

const key = 'badged.phone-link';
/** The link that was in the address last: an icon on iOS brings it at each start, also when a newer one was pasted. */
const addressKey = 'badged.phone-link-in-address';

export function takeLink(): PhoneLink | undefined {
  const linked = parsePhoneLink(location.hash);
  if (linked !== undefined) {
    const text = phoneFragment(linked);
    if (text !== localStorage.getItem(addressKey)) keepLink(linked);
    localStorage.setItem(addressKey, text);
    if (!isIosBrowser()) history.replaceState(null, '', location.pathname);
  }
  return parsePhoneLink(localStorage.getItem(key) ?? '');
}

export function keepLink(link: PhoneLink): void {
  localStorage.setItem(key, phoneFragment(link));
}

export function forgetLink(): void {
  localStorage.removeItem(key);
  if (!isIosApp()) localStorage.removeItem(addressKey);
  history.replaceState(null, '', location.pathname);
}

/** A page in the browser of an iPhone or iPad, not yet an app on its home screen. Only WebKit there has the property. */
export function isIosBrowser(): boolean {
  return Reflect.get(navigator, 'standalone') === false;
}

export function isInstalled(): boolean {
  return isIosApp() || matchMedia('(display-mode: standalone)').matches;
}

function isIosApp(): boolean {
  return Reflect.get(navigator, 'standalone') === true;
}
