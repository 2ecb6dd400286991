/**
 * A histogram of how long requests took, by route, method and status. It is prom-client's, but for how a request is counted:
 * each request would make a text of its labels and look that up, which takes longer than all else that is measured here.
 */
import { Histogram, type Registry } from 'prom-client';

const name = 'badged_http_request_duration_seconds';
const help =
  'Duration of requests, from the first byte received to the last byte sent, without open streams.';
const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

type Label = 'route' | 'method' | 'status';

export class RequestDurations extends Histogram<Label> {
  /** By route, then by method and status: the product's own, so there are few. */
  readonly #routes = new Map<string, Map<string, Series>>();

  constructor(registry: Registry) {
    super({
      name,
      help,
      labelNames: ['route', 'method', 'status'],
      buckets: bucketsSeconds,
      registers: [registry],
    });
  }

  add(route: string, method: string, status: number, seconds: number): void {
    let series = this.#routes.get(route);
    if (series === undefined) {
      series = new Map();
      this.#routes.set(route, series);
    }
    const key = method + status;
    let found = series.get(key);
    if (found === undefined) {
      found = new Series({ route, method, status });
      series.set(key, found);
    }
    found.add(seconds);
  }

  /** What prom-client itself reads, where it writes text and where it returns values. */
  async getForPromString() {
    const series = [...this.#routes.values()].flatMap((ofRoute) => [...ofRoute.values()]);
    return {
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: series.flatMap((one) => one.values()),
    };
  }
}

/** The requests with one set of labels. */
class Series {
  readonly #labels: Readonly<Record<Label, string | number>>;
  /** Requests in each bucket alone, and after the last one those above all. */
  readonly #counts = new Float64Array(bucketsSeconds.length + 1);
  #sum = 0;

  constructor(labels: Readonly<Record<Label, string | number>>) {
    this.#labels = labels;
  }

  add(seconds: number): void {
    let bucket = 0;
    while (seconds > (bucketsSeconds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  values() {
    const sharedLabels = this.#labels;
    let count = 0;
    const buckets = [...this.#counts].map((inBucket, index) => {
      count += inBucket;
      const labels = { le: bucketsSeconds[index] ?? '+Inf' };
      return { metricName: `${name}_bucket`, labels, sharedLabels, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
