/** The durations of requests, compared with the histogram of prom-client that they stand for. */
import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { RequestDurations } from '../../src/http/operations/request_durations.js';

test("are the same text and the same values as prom-client's own histogram", async () => {
  const own = new Registry();
  const durations = new RequestDurations(own);
  const theirs = new Registry();
  const histogram = new Histogram({
    name: 'badged_http_request_duration_seconds',
    help: 'Duration of requests, from the first byte received to the last byte sent, without open streams.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [theirs],
  });
  // On a bound, between two, below the first and above the last.
  for (const [index, seconds] of [0.001, 0.005, 0.0003, 0.3, 5, 7, 0.3].entries()) {
    const labels = { route: `/routes/${index % 2}`, method: 'GET', status: index % 3 === 0 ? 404 : 200 };
    durations.add(labels.route, labels.method, labels.status, seconds);
    histogram.observe(labels, seconds);
  }

  expect(lines(await own.metrics())).toEqual(lines(await theirs.metrics()));
  expect(texts((await durations.get()).values)).toEqual(texts((await histogram.get()).values));
});

function lines(text: string): string[] {
  return text.split('\n').sort();
}

function texts(values: readonly { metricName?: string; labels: object; value: number }[]): string[] {
  return values
    .map(
      ({ metricName, labels, value }) =>
        `${metricName} ${JSON.stringify(Object.entries(labels).sort())} ${value}`,
    )
    .sort();
}
