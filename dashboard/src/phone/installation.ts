/** How to install this page as an app in the current browser. */

import manifestForIos from './manifest_ios.webmanifest?url';
import { isInstalled, isIosBrowser } from './stored_link.js';
import { view } from './view.js';

/** Chromium only (https://wicg.github.io/manifest-incubations/). */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

let offered: InstallPromptEvent | undefined;

addEventListener('beforeinstallprompt', (event) => {
  if (!isInstallPrompt(event)) return;
  event.preventDefault();
  offered = event;
  offerInstallation();
});
addEventListener('appinstalled', () => {
  view.install.hidden = true;
});
view.installButton.addEventListener('click', () => void offered?.prompt());

// A manifest without start_url makes the icon open the page's own URL: see stored_link.ts. Chromium requires start_url.
if (isIosBrowser()) document.querySelector('link[rel=manifest]')?.setAttribute('href', manifestForIos);

export function offerInstallation(): void {
  view.install.hidden = isInstalled();
  view.installButton.hidden = offered === undefined;
  view.installText.textContent = instructions();
}

function instructions(): string {
  if (isIosBrowser())
    return 'Tap Share, then “Add to Home Screen”, and open badged from its icon there. Then turn on notifications there.';
  if (offered !== undefined) return 'Install this page as an app: its icon shows the number.';
  return 'In the browser’s menu, choose “Install” or “Add to home screen”: the app’s icon shows the number.';
}

function isInstallPrompt(event: Event): event is InstallPromptEvent {
  return 'prompt' in event;
}
