// The platformClient in headless Chromium, as built. Without a Chromium these tests are skipped, and say so.

import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { describeBareEnvironment } from './browser_environment.js';
import { describeLoading } from './browser_loading.js';
import { describeLogins, REDIRECT_PATHS } from './browser_login.js';
import { openStage, reasonWithoutBrowser, type Stage } from './browser_pages.js';
import { type BuiltPackage, buildPackage } from './built_package.js';
import { type PlatformDouble, startPlatformDouble } from './double/platform_double.js';

const reason = reasonWithoutBrowser();
if (reason !== undefined) console.warn(`Skipped: the platformClient in a browser, since ${reason}`);

describe.skipIf(reason !== undefined)('in headless Chromium', () => {
  let built: BuiltPackage;
  let stage: Stage;
  let double: PlatformDouble;
  beforeAll(async () => {
    built = await buildPackage();
    stage = await openStage(built);
    double = await startPlatformDouble(REDIRECT_PATHS.map((path) => stage.pages.origin + path));
  });
  afterAll(async () => {
    await Promise.all([stage.close(), double.close()]);
    built.remove();
  });
  beforeEach(() => stage.clear());

  describeBareEnvironment(() => stage);
  describeLoading(
    () => stage,
    () => double,
  );
  describeLogins(
    () => stage,
    () => double,
  );
});
