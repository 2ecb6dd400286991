/** How this page becomes an app, as the browser at hand has it. */
import { isInstalled, isIosBrowser } from './kept_link.js';
import manifestForIos from './manifest_ios.webmanifest?url';
import { view } from './view.js';

/** Chromium's, which no other browser has (https://wicg.github.io/manifest-incubations/). */
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

// Without a start address in it, the icon opens the page's own: see kept_link.ts. Chromium installs none without one.
if (isIosBrowser()) document.querySelector('link[rel=manifest]')?.setAttribute('href', manifestForIos);

export function offerInstallation(): void {
  view.install.hidden = isInstalled();
  view.installButton.hidden = offered === undefined;
  view.installText.textContent = instructions();
}

function instructions(): string {
  if (isIosBrowser())
    return 'Tap Share, then “Add to Home Screen”, and open badged from its icon there. Notifications can be turned on in it.';
  if (offered !== undefined) return 'As an app, it has an icon of its own that shows the number.';
  return 'In the browser’s menu, choose “Install” or “Add to home screen”: the app’s icon shows the number.';
}

function isInstallPrompt(event: Event): event is InstallPromptEvent {
  return 'prompt' in event;
}
