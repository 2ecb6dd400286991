/**
 * A number drawn over an icon: a pill at the bottom with a light rim, visible on dark and light tabs alike. It is drawn
 * at twice the size that tabs show on a dense screen, so that it is legible at 32 and at 16 pixels.
 */

export interface FaviconStyle {
  /** Of the pill; any CSS colour. */
  readonly background: string;
  /** Of the digits. */
  readonly color: string;
}

const SIZE = 64;
const PILL_HEIGHT = 44;
const RIM = 3;
const PADDING = 7;

/** A data: URL, or undefined where the browser has no canvas or hides its pixels. */
export function drawFavicon(
  icon: CanvasImageSource | undefined,
  text: string,
  style: FaviconStyle,
): string | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  try {
    if (icon !== undefined) context.drawImage(icon, 0, 0, SIZE, SIZE);
    drawPill(context, text, style);
    // An icon of another origin cannot be read back; one without a size cannot be drawn.
    return isReadable(context) ? canvas.toDataURL('image/png') : undefined;
  } catch {
    return icon === undefined ? undefined : drawFavicon(undefined, text, style);
  }
}

function drawPill(context: CanvasRenderingContext2D, text: string, style: FaviconStyle): void {
  const room = SIZE - 2 * (RIM + PADDING);
  context.font = `bold ${PILL_HEIGHT - 6}px system-ui, -apple-system, "Segoe UI", sans-serif`;
  const textWidth = Math.min(context.measureText(text).width, room + PADDING);
  const width = Math.max(PILL_HEIGHT, textWidth + 2 * PADDING);
  const left = Math.max(RIM, SIZE - RIM - width);
  const top = SIZE - RIM - PILL_HEIGHT;
  context.beginPath();
  roundedBox(context, left, top, SIZE - RIM - left);
  context.lineWidth = 2 * RIM;
  context.strokeStyle = '#fff';
  context.stroke();
  context.fillStyle = style.background;
  context.fill();
  context.fillStyle = style.color;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  // The middle of digits is above the middle of their line.
  context.fillText(text, (left + SIZE - RIM) / 2, top + PILL_HEIGHT / 2 + 3, room + PADDING);
}

function roundedBox(context: CanvasRenderingContext2D, left: number, top: number, width: number): void {
  const radius = PILL_HEIGHT / 2;
  const middle = top + radius;
  context.arc(left + radius, middle, radius, Math.PI / 2, (3 * Math.PI) / 2);
  context.arc(left + width - radius, middle, radius, -Math.PI / 2, Math.PI / 2);
  context.closePath();
}

/** Browsers that resist fingerprinting return noise for pixels. The rim is opaque white if they do not. */
function isReadable(context: CanvasRenderingContext2D): boolean {
  const { data } = context.getImageData(SIZE - RIM - PILL_HEIGHT / 2, SIZE - 2, 1, 1);
  return data.every((value) => value > 240);
}
