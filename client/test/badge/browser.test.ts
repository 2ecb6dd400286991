// The examples in headless Chromium: the badge on a tab, the element and the service worker, each on the page that the
// documentation shows. Without a Chromium these tests are skipped, and say so.

import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { reasonWithoutBrowser } from '../chromium.js';
import { describeElement } from '../element/browser_element.js';
import { describeWorker } from '../worker/browser_worker.js';
import { describeBadge } from './browser_badge.js';
import { describeTabs } from './browser_tabs.js';
import { type ExampleStage, openExampleStage } from './example_stage.js';

const reason = reasonWithoutBrowser();
if (reason !== undefined) console.warn(`Skipped: the browser badge in a browser, since ${reason}`);

describe.skipIf(reason !== undefined)('in headless Chromium', () => {
  let stage: ExampleStage;
  beforeAll(async () => {
    stage = await openExampleStage();
  });
  afterAll(() => stage.close());
  afterEach(() => expect(stage.complaints()).toEqual([]));

  describeBadge(() => stage);
  describeTabs(() => stage);
  describeElement(() => stage);
  describeWorker(() => stage);
});
