/** Announcing, and reading announcements. */
import type { Command } from '../../command.js';
import { limits } from '../../limits.js';
import { isAcknowledged } from '../../read_state.js';
import { invalid, notFound, type Refusal, refuse, tooManyUsers } from '../../refusal.js';
import { checkUserId } from '../../text.js';
import type { AnnouncementView } from '../../view.js';
import { includes } from '../announcements.js';
import type { AppState } from '../state.js';
import { type Decision, type DecisionContext, done, Naming } from './decision.js';

export function announce({ state }: DecisionContext, command: Command<'announce'>): Decision<'announce'> {
  const taken = state.announcements.number(command.id);
  if (taken !== 0) return repeated(state, taken, command);
  const announcement = state.announcements.count + 1;
  const { id, at, fingerprint } = command;
  const base = {
    type: 'announcement' as const,
    announcement,
    id,
    at,
    ...(fingerprint !== undefined && { fingerprint }),
  };
  const result = () => view(state, announcement);
  if (command.recipients === 'everyone') {
    return { event: { ...base, recipients: { position: state.announcements.everyone + 1 } }, result };
  }
  const recipients = [...new Set(command.recipients)];
  const refusal = checkRecipients(recipients);
  if (refusal !== undefined) return { refusal };
  const naming = new Naming(state);
  const numbers = recipients.map((user) => naming.number(user));
  return { event: { ...base, recipients: numbers, ...naming.introductions }, result };
}

export function readAnnouncement(
  { state }: DecisionContext,
  command: Command<'read_announcement'>,
): Decision<'read_announcement'> {
  const target = receiptTarget(state, command);
  if (target === undefined) return { refusal: notFound('The announcement') };
  if (!target.unread) return done(null);
  return done({ type: 'announcement_read', user: target.user, announcement: target.announcement });
}

export function deliverAnnouncement(
  { state }: DecisionContext,
  command: Command<'deliver_announcement'>,
): Decision<'deliver_announcement'> {
  return receiptTarget(state, command) === undefined ? { refusal: notFound('The announcement') } : done(null);
}

function repeated(state: AppState, announcement: number, command: Command<'announce'>): Decision<'announce'> {
  const before = state.announcements.get(announcement)?.fingerprint ?? 0;
  if (command.fingerprint !== undefined && before !== 0 && before !== command.fingerprint) {
    const message = 'An announcement with this id exists and was made with other content. Use a new id.';
    return { refusal: refuse('id_in_use', message, { existing: command.id }) };
  }
  return { event: null, result: () => view(state, announcement) };
}

/** Undefined where the announcement does not exist or is not for this user. */
function receiptTarget(
  state: AppState,
  command: { readonly user: string; readonly announcement: string },
): { readonly user: number; readonly announcement: number; readonly unread: boolean } | undefined {
  const user = state.users.number(command.user);
  const announcement = state.announcements.number(command.announcement);
  const recipients = state.announcements.get(announcement)?.recipients;
  if (user === 0 || recipients === undefined) return undefined;
  if ('position' in recipients) {
    if (recipients.position <= state.users.everyoneBase(user)) return undefined;
    return { user, announcement, unread: !isAcknowledged(state.users.announced(user), recipients.position) };
  }
  if (!includes(recipients, user)) return undefined;
  return { user, announcement, unread: state.users.named(user).includes(announcement) };
}

function checkRecipients(recipients: readonly string[]): Refusal | undefined {
  if (recipients.length === 0)
    return invalid('recipients', 'An announcement needs at least one recipient, or "everyone".');
  if (recipients.length > limits.usersPerRequest)
    return tooManyUsers('recipients', recipients.length, 'Send several announcements, or one to "everyone".');
  return recipients.map((id) => checkUserId('recipients', id)).find((refusal) => refusal !== undefined);
}

function view(state: AppState, announcement: number): AnnouncementView {
  const found = state.announcements.get(announcement);
  return { id: found?.id ?? '', sentAt: found?.at ?? 0 };
}
