// The platformClient in Node, against the double.

import { startPlatformDouble } from './double/platform_double.js';
import { describePlatformClient } from './platform_suite.js';

describePlatformClient('the double', (redirectUris) => startPlatformDouble(redirectUris));
