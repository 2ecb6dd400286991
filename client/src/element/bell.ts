/** The default icon of a <badged-count>. */
const SVG = 'http://www.w3.org/2000/svg';

export function bell(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const outline = document.createElementNS(SVG, 'path');
  outline.setAttribute('d', 'M6 10a6 6 0 0 1 12 0c0 4 1.2 5.8 2 7H4c.8-1.2 2-3 2-7Zm4 10a2 2 0 0 0 4 0');
  outline.setAttribute('fill', 'none');
  outline.setAttribute('stroke', 'currentColor');
  outline.setAttribute('stroke-width', '1.8');
  outline.setAttribute('stroke-linecap', 'round');
  outline.setAttribute('stroke-linejoin', 'round');
  svg.append(outline);
  return svg;
}
