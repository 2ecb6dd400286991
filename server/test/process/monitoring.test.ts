/**
 * What an operator is given to watch a server with: the page of metrics, the alerts and the dashboard name the metrics and labels that a
 * running server exposes, with either store.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { start } from '../../src/compose.js';
import { Schemas } from '../store/postgres/schemas.js';
import { whyNoPostgres } from '../store/postgres/test_server.js';
import { alertExpressions, dashboardExpressions, type Exposed, exposed, selectors } from './prom_queries.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const why = whyNoPostgres();

/** Of the embedded store, and with PostgreSQL. */
const servers: Exposed[] = [];

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'badged-monitoring-'));
  try {
    servers.push(await metricsOf({ dataDir }));
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

async function metricsOf(own: { dataDir: string } | { dataDir: string; databaseUrl: string }) {
  const config = { host: '127.0.0.1', port: 0, logLevel: 'silent', secretKey: '0f'.repeat(32) };
  const running = await start({ ...config, ...own });
  try {
    // Requests and refusals, so that their metrics have values.
    for (const path of ['/healthz', '/admin/apps', '/metrics']) await fetch(running.url + path);
    return exposed(await (await fetch(`${running.url}/metrics`)).text());
  } finally {
    await running.close();
  }
}

/** Prometheus itself makes this one. */
const ofPrometheus: Exposed = new Map([['up', new Set(['job', 'instance'])]]);

function expectExposed(expressions: readonly string[], found: readonly Exposed[]): void {
  expect(expressions.length).toBeGreaterThan(10);
  for (const expression of expressions) {
    for (const { metric, labels } of selectors(expression)) {
      const known = [...found, ofPrometheus].flatMap((each) => each.get(metric) ?? []);
      expect(known, `${metric} in ${expression}`).not.toEqual([]);
      for (const label of labels)
        expect(
          known.some((names) => names.has(label) || names.size === 0),
          `${label} of ${metric}`,
        ).toBe(true);
    }
  }
}

describe.skipIf(why !== undefined)('the metrics of both stores', () => {
  const schemas = new Schemas();

  beforeAll(async () => {
    const { url } = await schemas.create();
    servers.push(await metricsOf({ dataDir: '/none', databaseUrl: url }));
  });

  test('are the ones that the alerts ask for', () => {
    expectExposed(alertExpressions(read('deploy/prometheus/alerts.yaml')), servers);
  });

  test('are the ones that the dashboard shows', () => {
    expectExposed(dashboardExpressions(JSON.parse(read('deploy/grafana/badged.json'))), servers);
  });

  test('are those of the page, and the page has all of them', () => {
    const page = read('docs/metrics.md');
    const listed = [...page.matchAll(/^\| `(badged_\w+)` \| (?:gauge|counter|histogram) \|/gm)];
    const names = servers.flatMap((each) => [...each.keys()]).filter((name) => name.startsWith('badged_'));
    const families = new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(listed.map(([, name]) => name).sort()).toEqual([...families].sort());
    for (const [, name = ''] of page.matchAll(/`((?:nodejs|process)_\w+)`/g))
      if (!/_$/.test(name)) expect([...(servers[0]?.keys() ?? [])].join(' ')).toContain(name);
  });
});

if (why !== undefined) test(`the metrics of both stores: not run, ${why}`, (context) => context.skip());

const promtool = await promisify(execFile)('promtool', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!promtool)(
  `Prometheus accepts the alerts, and they fire when they should${promtool ? '' : ': not run, no promtool'}`,
  async () => {
    const folder = new URL('deploy/prometheus/', root);
    const options = { cwd: folder };
    await promisify(execFile)('promtool', ['check', 'rules', 'alerts.yaml'], options);
    const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', 'alerts.test.yaml'], options);
    expect(stdout).toContain('SUCCESS');
  },
);

test('a selector of PromQL is found in an expression, and nothing else', () => {
  const expression =
    'sum by (le, route) (rate(a_b{x="y z", status=~"5.."}[5m])) / on (job) c_d > bool 0.5e3 unless e:f offset 1h';
  expect(selectors(expression)).toEqual([
    { metric: 'a_b', labels: ['x', 'status'] },
    { metric: 'c_d', labels: [] },
    { metric: 'e:f', labels: [] },
  ]);
});
