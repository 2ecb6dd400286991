/**
 * The page that a phone opens: one user's badge, live, on an app that can be installed, and notifications that keep the
 * number on its icon true while it is closed. It is nobody's session: all it has is that user's token.
 */
import { type BadgeWatch, watchBadge } from '@badged/client/badge';
import { offerInstallation } from './installation.js';
import { forgetLink, keepLink, takeLink } from './kept_link.js';
import { expired, keepOn, obstacle, Problem, turnOff, turnOn } from './notifications.js';
import { type PhoneLink, parsePhoneLink } from './phone_link.js';
import { showBadge, showProblem, showUnlinked, view } from './view.js';

const noLink =
  'Open “Try it on your phone” in the dashboard and scan its code with this phone, or paste its link here.';

let link = takeLink();
let watch: BadgeWatch | undefined;

if (link === undefined) showUnlinked(noLink);
else begin(link);

view.turnOn.addEventListener('click', () => void pressed(view.turnOn, turnOnPressed));
view.forget.addEventListener('click', () => void pressed(view.forget, forgetPressed));
view.paste.addEventListener('submit', (event) => {
  event.preventDefault();
  const pasted = parsePhoneLink(view.pasted.value);
  view.pasted.setCustomValidity(pasted === undefined ? 'This is not a link of “Try it on your phone”.' : '');
  view.pasted.reportValidity();
  if (pasted === undefined) return;
  view.pasted.value = '';
  link = pasted;
  keepLink(pasted);
  begin(pasted);
});
view.pasted.addEventListener('input', () => view.pasted.setCustomValidity(''));
// A second scan, while the page is open.
addEventListener('hashchange', () => parsePhoneLink(location.hash) && location.reload());

function begin(linked: PhoneLink): void {
  view.unlinked.hidden = true;
  view.linked.hidden = false;
  view.who.textContent = `${linked.user}’s badge, as this phone shows it`;
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
      if (state === 'waiting') view.state.textContent = 'No connection. Trying again…';
      if (state === 'refused') refused(status);
    },
  });
}

function refused(status: number | undefined): void {
  if (status === 401 || status === 403) showUnlinked(expired);
  else view.state.textContent = `The server refuses to stream this badge (${status}).`;
}

async function showNotifications(linked: PhoneLink): Promise<void> {
  const why = obstacle();
  const isOn = why === undefined && (await keepOn(linked).catch(reported));
  view.turnOn.hidden = why !== undefined || isOn === true;
  view.notifications.textContent =
    why ??
    (isOn
      ? 'On. Send a message from the dashboard: it arrives here, and the icon has the number, also while this is closed.'
      : 'Let messages reach this phone, and its icon show the number, also while this page is closed.');
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
  forgetLink();
  showUnlinked(noLink);
  if (forgotten !== undefined) await turnOff(forgotten);
}

async function pressed(button: HTMLButtonElement, act: () => Promise<void>): Promise<void> {
  button.disabled = true;
  showProblem(undefined);
  await act().catch(reported);
  button.disabled = false;
}

/** Answers that it did not work. */
function reported(error: unknown): false {
  showProblem(error instanceof Problem ? error.message : `It did not work: ${error}`);
  return false;
}
