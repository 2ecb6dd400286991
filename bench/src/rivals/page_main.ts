/**
 * Writes the tables of bench/README.md and the charts in bench/charts from a result of `npm run bench -- rivals --json FILE`:
 * node bench/dist/rivals/page_main.js FILE
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { figure } from '../measure/text.js';
import { chart } from './chart.js';
import type { RivalsResult } from './result.js';

const [, , file] = process.argv;
if (file === undefined) throw new Error('Name the file of the result.');
// The file is what result.ts wrote.
const result: RivalsResult = JSON.parse(readFileSync(file, 'utf8'));
const bench = new URL('../../', import.meta.url);
const page = new URL('README.md', bench);
const charts = new URL('charts/', bench);
mkdirSync(charts, { recursive: true });

const parts = result.rows.map(({ name, sides }) => {
  const image = `${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}.svg`;
  const bars = sides.map(({ side, rate }) => ({ name: side, value: rate, isOwn: side.startsWith('badged') }));
  writeFileSync(new URL(image, charts), chart(`${name}: responses a second`, bars));
  const lines = sides.map(
    ({ side, rate, cpuMicroseconds, p50Ms, p99Ms }) =>
      `| ${[side, ...[rate, cpuMicroseconds, p50Ms, p99Ms].map(figure)].join(' | ')} |`,
  );
  const heading =
    '| | a second | CPU time of its process, µs | p50, ms | p99, ms |\n| --- | --- | --- | --- | --- |';
  return `### ${name}\n\n![${name}](charts/${image})\n\n${heading}\n${lines.join('\n')}\n`;
});
const halves = result.halves.map(
  ({ side, rate, p50Ms, p99Ms, p999Ms }) =>
    `| ${[side, ...[rate, p50Ms, p99Ms, p999Ms].map(figure)].join(' | ')} |`,
);
const half = `### Badges at half of the maximum, beside messages\n\n| | badges a second | p50, ms | p99, ms | p99.9, ms |\n| --- | --- | --- | --- | --- |\n${halves.join('\n')}\n`;
const text = `Taken on ${result.date}: ${result.conditions}. Medians of the rounds.\n\n${parts.join('\n')}\n${half}`;
const begin = '<!-- results -->';
const end = '<!-- end of results -->';
const before = readFileSync(page, 'utf8');
const [head = '', rest = ''] = before.split(begin);
writeFileSync(page, `${head}${begin}\n\n${text}\n${end}${rest.split(end)[1] ?? ''}`);
