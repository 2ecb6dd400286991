// What a tab shows as a page's icon.

import type { Page } from 'playwright-core';

/** 32 pixels wide and high: red, green, blue and opacity of each. */
export function iconPixels(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const [link] = document.querySelectorAll<HTMLLinkElement>('link[rel~=icon]');
    const image = new Image();
    image.src = link?.href ?? '';
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 32;
    canvas.height = 32;
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, 32, 32);
    return [...(context?.getImageData(0, 0, 32, 32).data ?? [])];
  });
}
