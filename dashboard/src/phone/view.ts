/** The elements of the phone page, whose markup is in phone.html. */

export const view = {
  who: element('who', HTMLElement),
  state: element('state', HTMLElement),
  linked: element('linked', HTMLElement),
  notifications: element('notifications', HTMLElement),
  turnOn: element('turn-on', HTMLButtonElement),
  install: element('install', HTMLElement),
  installText: element('install-text', HTMLElement),
  installButton: element('install-button', HTMLButtonElement),
  forget: element('forget', HTMLButtonElement),
  unlinked: element('unlinked', HTMLElement),
  paste: element('paste', HTMLFormElement),
  pasted: element('link', HTMLInputElement),
};

const icon = element('icon', HTMLElement);
const number = element('number', HTMLElement);
const problem = element('problem', HTMLElement);

/** Null and 0 show no badge. */
export function showBadge(badge: number | null): void {
  const isShown = badge !== null && badge > 0;
  const text = isShown ? `${badge}` : '';
  icon.setAttribute('aria-label', isShown ? `App icon with badge ${badge}` : 'App icon without a badge');
  if (number.textContent !== text) {
    number.classList.remove('arrived');
    // Forces a layout, so that the animation restarts.
    void number.offsetWidth;
    number.classList.add('arrived');
  }
  number.textContent = text;
  number.hidden = !isShown;
}

export function showProblem(text: string | undefined): void {
  problem.textContent = text ?? '';
  problem.hidden = text === undefined;
}

/** Asks for a link, with a reason. */
export function showUnlinked(why: string): void {
  text('unlinked-text', why);
  view.linked.hidden = true;
  view.unlinked.hidden = false;
  view.who.textContent = '';
  view.state.textContent = '';
  showBadge(null);
}

function text(id: string, content: string): void {
  element(id, HTMLElement).textContent = content;
}

function element<E extends HTMLElement>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no #${id}.`);
}
