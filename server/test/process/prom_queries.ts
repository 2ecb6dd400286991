/** Metrics in the text format of Prometheus, and the metrics that a PromQL expression names: as far as our own files need it. */

/** The names of the labels by the name of the metric. A metric without a value yet has none. */
export type Exposed = ReadonlyMap<string, ReadonlySet<string>>;

/** Labels that Prometheus adds when it reads a target. */
const added = ['job', 'instance'];

export function exposed(text: string): Exposed {
  const metrics = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, declared = '', type] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? [];
    if (type === undefined) continue;
    const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const suffix of suffixes) metrics.set(declared + suffix, new Set());
  }
  for (const line of text.split('\n')) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    const known = metrics.get(name);
    for (const label of [...labelsOf(labels), ...added]) known?.add(label);
  }
  return metrics;
}

function labelsOf(text: string): string[] {
  return [...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label);
}

/** Each expression is on one line. */
export function alertExpressions(rules: string): string[] {
  return [...rules.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = '']) => expression);
}

/** Grafana's variables are replaced as Grafana would. */
export function dashboardExpressions(dashboard: unknown): string[] {
  if (typeof dashboard !== 'object' || dashboard === null) return [];
  return Object.entries(dashboard).flatMap(([key, value]: [string, unknown]) =>
    key === 'expr' && typeof value === 'string'
      ? [value.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*')]
      : dashboardExpressions(value),
  );
}

export interface Selector {
  readonly metric: string;
  /** Of its matchers. */
  readonly labels: readonly string[];
}

const keywords = /^(and|or|unless|bool|offset|by|without|on|ignoring|group_left|group_right)$/;

export function selectors(expression: string): Selector[] {
  const withoutGroups = expression
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b\d[\w.]*/g, ' ');
  // A name, and what follows: matchers, or the bracket of a function's arguments.
  const found = withoutGroups.matchAll(/([a-zA-Z_:][\w:]*)\s*(\{(?:"(?:[^"\\]|\\.)*"|[^}"])*\}|\()?/g);
  return [...found].flatMap(([, metric = '', next = '']) =>
    next === '(' || keywords.test(metric) ? [] : [{ metric, labels: labelsOf(next) }],
  );
}
