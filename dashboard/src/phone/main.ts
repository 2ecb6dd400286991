/**
 * The page that a phone opens: one user's live badge, as an installable app with notifications, which update its icon
 * while it is closed. It has only that user's token, and no session.
 */
import { type BadgeWatch, watchBadge } from '@badged/client/badge';
import { offerInstallation } from './installation.js';
import { expired, keepOn, obstacle, Problem, turnOff, turnOn } from './notifications.js';
import { type PhoneLink, parsePhoneLink } from './phone_link.js';
import { readLink, removeLink, storeLink } from './stored_link.js';
import { showBadge, showProblem, showUnlinked, view } from './view.js';

const noLink =
  'Open “Try it on your phone” in the dashboard, and scan its code with this phone or paste its link here.';

let link = readLink();
let watch: BadgeWatch | undefined;

if (link === undefined) showUnlinked(noLink);
else begin(link);

view.turnOn.addEventListener('click', () => void pressed(view.turnOn, turnOnPressed));
view.forget.addEventListener('click', () => void pressed(view.forget, forgetPressed));
view.paste.addEventListener('submit', (event) => {
  event.preventDefault();
  const pasted = parsePhoneLink(view.pasted.value);
  view.pasted.setCustomValidity(
    pasted === undefined ? 'This is not a link from “Try it on your phone”.' : '',
  );
  view.pasted.reportValidity();
  if (pasted === undefined) return;
  view.pasted.value = '';
  link = pasted;
  storeLink(pasted);
  begin(pasted);
});
view.pasted.addEventListener('input', () => view.pasted.setCustomValidity(''));
// A second scan while the page is open.
addEventListener('hashchange', () => parsePhoneLink(location.hash) && location.reload());

function begin(linked: PhoneLink): void {
  view.unlinked.hidden = true;
  view.linked.hidden = false;
  view.who.textContent = `The badge of ${linked.user}`;
  offerInstallation();
  void follow(linked);
  void showNotifications(linked);
}

function follow({ app, user, token }: PhoneLink): void {
  watch?.stop();
  watch = watchBadge({
    url: location.origin,
    app,
    user,
    token,
    onChange: (badge) => {
      showBadge(badge?.badge ?? null);
      if (badge?.badge === null) view.state.textContent = 'Badges are disabled in this app.';
    },
    onState: (state, status) => {
      if (state === 'connecting') view.state.textContent = 'Connecting…';
      if (state === 'live') view.state.textContent = 'Live';
      if (state === 'waiting') view.state.textContent = 'No connection. Reconnecting…';
      if (state === 'refused') refused(status);
    },
  });
}

function refused(status: number | undefined): void {
  if (status === 401 || status === 403) showUnlinked(expired);
  else view.state.textContent = `The server refused the live badge (${status}).`;
}

async function showNotifications(linked: PhoneLink): Promise<void> {
  const why = obstacle();
  const isOn = why === undefined && (await keepOn(linked).catch(reported));
  view.turnOn.hidden = why !== undefined || isOn === true;
  view.notifications.textContent =
    why ??
    (isOn
      ? 'On. Messages from the dashboard arrive here, and the icon shows the number, even while this page is closed.'
      : 'Get messages on this phone, and the number on its icon, even while this page is closed.');
}

async function turnOnPressed(): Promise<void> {
  if (link === undefined) return;
  await turnOn(link);
  await showNotifications(link);
}

async function forgetPressed(): Promise<void> {
  const forgotten = link;
  link = undefined;
  watch?.signOut();
  watch = undefined;
  removeLink();
  showUnlinked(noLink);
  if (forgotten !== undefined) await turnOff(forgotten);
}

async function pressed(button: HTMLButtonElement, act: () => Promise<void>): Promise<void> {
  button.disabled = true;
  showProblem(undefined);
  await act().catch(reported);
  button.disabled = false;
}

/** Shows the error, and returns false. */
function reported(error: unknown): false {
  showProblem(error instanceof Problem ? error.message : `An error occurred: ${error}`);
  return false;
}
