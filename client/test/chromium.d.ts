import { type Browser } from 'playwright-core';
/** Why the tests in a browser cannot run here, if they cannot. */
export declare function reasonWithoutBrowser(): string | undefined;
export declare function launchBrowser(): Promise<Browser>;
//# sourceMappingURL=chromium.d.ts.map
