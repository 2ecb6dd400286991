// The headless Chromium of the tests.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why the tests in a browser cannot run here, if they cannot. */
export function reasonWithoutBrowser(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : `there is no Chromium at ${CHROMIUM}`;
}

/**
 * Each window has an address bar, whose lists of suggestions are pages with processes of their own: a tenth of the time of
 * these tests. The flag replaces Playwright's own, whose features come after it.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  // A process in reserve for a page of another site.
  'SpareRendererForSitePerProcess',
  'ThirdPartyStoragePartitioning',
];

export interface BrowserOptions {
  /**
   * Pages of one site share a process: what one has compiled, the next need not, and a page is there in a third of the
   * time. Not for tests of tabs that are frozen or killed.
   */
  readonly shareProcess?: boolean;
}

export function launchBrowser({ shareProcess = false }: BrowserOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(shareProcess ? ['--process-per-site', '--disable-site-isolation-trials'] : []),
      `--disable-features=${disabledFeatures.join()}`,
    ],
  });
}
