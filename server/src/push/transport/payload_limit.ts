/**
 * Makes a payload fit its provider's limit by shortening texts, and nothing else: never the badge, never the
 * app's data. One limit holds for all texts of the alert, so the longest is cut first.
 */
import { type Alert, longestText, shortenTexts } from './alert.js';
import type { Delivery } from './port.js';

/** The rendered bytes, or undefined if they exceed the limit even without any text. */
export function fitPayload<D extends Delivery>(
  delivery: D,
  limitBytes: number,
  render: (delivery: D) => string,
): string | undefined {
  const whole = render(delivery);
  if (Buffer.byteLength(whole) <= limitBytes) return whole;
  const alert = delivery.alert;
  return alert === undefined ? undefined : fitTexts(delivery, alert, limitBytes, render);
}

function fitTexts<D extends Delivery>(
  delivery: D,
  alert: Alert,
  limitBytes: number,
  render: (delivery: D) => string,
): string | undefined {
  let fitting: string | undefined;
  let low = 0;
  // No text of more code points than the limit has bytes can fit.
  let high = Math.min(longestText(alert), limitBytes);
  while (low <= high) {
    const middle = (low + high) >> 1;
    const rendered = render({ ...delivery, alert: shortenTexts(alert, middle) });
    if (Buffer.byteLength(rendered) <= limitBytes) {
      fitting = rendered;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return fitting;
}
