// The platformClient in Node, against a badge server; and against the double, which has to be like it for the tests
// that use it to say anything.

import { startPlatformDouble } from './double/platform_double.js';
import { describePlatformClient } from './platform_suite.js';
import { startBadgeServer } from './server/badge_server.js';

describePlatformClient('a badge server', (redirectUris) => startBadgeServer(redirectUris));
describePlatformClient('the double', (redirectUris) => startPlatformDouble(redirectUris));
