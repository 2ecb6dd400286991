// Draws the phone app's icons: node dashboard/src/phone/icons/draw.mjs. What it makes is committed, since drawing it
// needs a browser. They are flat, because a gradient makes them ten times as large; the number is the system's to draw.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../../../public/phone/', import.meta.url));

/** Full: the system cuts the corners itself, and may cut everything but the middle 80 %. */
const icons = [
  { name: 'icon-192', size: 192, full: false },
  { name: 'icon-512', size: 512, full: false },
  { name: 'icon-512-maskable', size: 512, full: true },
  { name: 'icon-180', size: 180, full: true },
];

const bubble =
  'M12 4c4.97 0 9 3.36 9 7.5S16.97 19 12 19c-.96 0-1.88-.13-2.75-.36L4.5 20.5l1.2-3.9C4.03 15.27 3 13.47 3 11.5 3 7.36 7.03 4 12 4Z';

const svg = (full) => `
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="100%" height="100%">
    <rect width="64" height="64" rx="${full ? 0 : 15}" fill="#3b5bdb" />
    <g transform="translate(32 32) scale(${full ? 1.6 : 2.1}) translate(-12 -12)"><path fill="#fff" d="${bubble}" /></g>
  </svg>`;

const browser = await chromium.launch({
  executablePath: process.env.BADGED_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { name, size, full } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<body style="margin:0;height:100vh">${svg(full)}</body>`);
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true });
}
await browser.close();
