// The platformClient in headless Chromium, as built: against a badge server, and where a test has to look into the
// service or to make it misbehave, against the double. Without a Chromium these tests are skipped, and say so.

import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { reasonWithoutBrowser } from '../chromium.js';
import { BARE_REDIRECT_PATHS, describeBareEnvironment } from './browser_environment.js';
import { describeLoading } from './browser_loading.js';
import { describeLogins, REDIRECT_PATHS } from './browser_login.js';
import { openStage, type Stage } from './browser_pages.js';
import { type BuiltPackage, buildPackage } from './built_package.js';
import { type PlatformDouble, startPlatformDouble } from './double/platform_double.js';
import { type BadgeServer, startBadgeServer } from './server/badge_server.js';

const reason = reasonWithoutBrowser();
if (reason !== undefined) console.warn(`Skipped: the platformClient in a browser, since ${reason}`);

describe.skipIf(reason !== undefined)('in headless Chromium', () => {
  let built: BuiltPackage;
  let stage: Stage;
  let server: BadgeServer;
  let double: PlatformDouble;
  beforeAll(async () => {
    built = await buildPackage();
    stage = await openStage(built);
    const ofPages = (path: string) => stage.pages.origin + path;
    server = await startBadgeServer(BARE_REDIRECT_PATHS.map(ofPages), { tls: true });
    double = await startPlatformDouble(REDIRECT_PATHS.map(ofPages));
  });
  afterAll(async () => {
    await Promise.all([stage.close(), server.close(), double.close()]);
    built.remove();
  });
  beforeEach(() => stage.clear());

  describeBareEnvironment(
    () => stage,
    () => server,
  );
  describeLoading(
    () => stage,
    () => server,
  );
  describeLogins(
    () => stage,
    () => double,
  );
});
