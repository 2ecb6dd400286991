/** The dashboard in a real browser, against the real program. Each page's own tests are in a file of its name. */
import { describe } from 'vitest';
import { reasonWithoutBrowser } from '../../client/test/chromium.js';
import { accessibilityTests } from './accessibility.js';
import { appsTests } from './apps.js';
import { DashboardEnvironment } from './environment.js';
import { overviewTests } from './overview.js';
import { phoneTests } from './phone.js';
import { playgroundTests } from './playground.js';
import { securityTests } from './security.js';
import { shellTests } from './shell.js';
import { signInTests } from './sign_in.js';
import { usersTests } from './users.js';

const reason = reasonWithoutBrowser();
if (reason !== undefined) console.warn(`The dashboard is not tested: ${reason}.`);

describe.skipIf(reason !== undefined)('the dashboard', () => {
  const environment = new DashboardEnvironment();
  signInTests(environment);
  shellTests(environment);
  playgroundTests(environment);
  appsTests(environment);
  usersTests(environment);
  overviewTests(environment);
  phoneTests(environment);
  securityTests(environment);
  accessibilityTests(environment);
});
