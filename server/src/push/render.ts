/** The alert of a notification for one user. Source: Layer's notification object, with its recipients. */
import type { Alert } from './transport/alert.js';

export interface Notification extends Alert {
  /** Texts for single users. A text that is missing is taken from the root. */
  readonly recipients?: readonly {
    readonly user_id: string;
    readonly title?: string;
    readonly text?: string;
    readonly sound?: string;
  }[];
}

/** Undefined if there is nothing to show: the user gets only the badge. */
export function renderFor({ recipients, ...root }: Notification, user: string): Alert | undefined {
  const own = recipients?.find(({ user_id }) => user_id === user);
  const { title, text, sound } = own ?? {};
  const alert: Alert = {
    ...root,
    ...(title !== undefined && { title }),
    ...(text !== undefined && { text }),
    ...(sound !== undefined && { sound }),
  };
  const words = [alert.title, alert.text, alert['title-loc-key'], alert['loc-key']];
  return words.some((word) => word !== undefined && word !== '') ? alert : undefined;
}
