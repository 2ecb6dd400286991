/** Refuses what no transport sends: an empty delivery, an invalid badge, or one that the platform does not support. */
import { capabilities } from './capabilities.js';
import type { Delivery } from './port.js';
import { rejected, type Verdict } from './verdict.js';

/** Undefined if the delivery may be sent. */
export function deliveryProblem(delivery: Delivery): Verdict | undefined {
  const { badge, alert, target } = delivery;
  if (badge !== undefined && !(Number.isSafeInteger(badge) && badge >= 0)) {
    return rejected('the badge is not a non-negative integer');
  }
  if (alert !== undefined) return undefined;
  if (badge === undefined) return rejected('neither a badge nor an alert');
  if (capabilities[target.platform].badgeOnly) return undefined;
  return rejected('this platform has no badge-only delivery');
}
