/** A chart of horizontal bars as SVG, readable on light and dark pages. */
import { figure } from '../measure/text.js';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Drawn in the accent colour. */
  readonly isOwn: boolean;
}

const width = 720;
const rowHeight = 30;
const nameWidth = 190;
const valueWidth = 90;

const style = `text{font:14px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600}.v{text-anchor:start}.n{text-anchor:end}
rect{fill:#9aa4af}.own{fill:#0969da}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#5b6570}.own{fill:#4493f8}}`;

export function chart(title: string, bars: readonly Bar[]): string {
  const largest = Math.max(...bars.map(({ value }) => value));
  const height = 44 + bars.length * rowHeight;
  const rows = bars.map(({ name, value, isOwn }, index) => {
    const y = 40 + index * rowHeight;
    const length = Math.max(2, (value / largest) * (width - nameWidth - valueWidth));
    const middle = y + 15;
    return [
      `<text class="n" x="${nameWidth - 10}" y="${middle}">${escaped(name)}</text>`,
      `<rect${isOwn ? ' class="own"' : ''} x="${nameWidth}" y="${y}" width="${length.toFixed(1)}" height="20" rx="3"/>`,
      `<text class="v" x="${(nameWidth + length + 8).toFixed(1)}" y="${middle}">${figure(value)}</text>`,
    ].join('');
  });
  const label = escaped(title);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}"><style>${style}</style><text class="t" x="8" y="22">${label}</text>${rows.join('')}</svg>\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
