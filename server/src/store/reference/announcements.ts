/** Announcements: to named users or to all known users, each with the set of users who read it. */
import {
  type AnnouncementView,
  type Command,
  checkUserId,
  invalid,
  limits,
  notFound,
  type Outcome,
  refuse,
} from '@badged/core';
import { type Announcement, type AppState, differ } from './state.js';

export function announce(state: AppState, command: Command<'announce'>): Outcome<'announce'> {
  const earlier = state.announcements.find((each) => each.id === command.id);
  if (earlier && differ(earlier.fingerprint, command.fingerprint)) {
    const message = 'Another announcement has this id. Choose a new one.';
    return { refusal: refuse('id_in_use', message, { existing: earlier.id }) };
  }
  if (earlier) return { value: view(earlier) };
  const recipients = new Set(command.recipients === 'everyone' ? state.known : command.recipients);
  if (command.recipients !== 'everyone' && !isAllowed(recipients.size)) {
    const message = `An announcement names 1 to ${limits.usersPerRequest} recipients.`;
    return { refusal: invalid('recipients', message) };
  }
  const wrong = [...recipients].map((user) => checkUserId('recipients', user)).find((refusal) => refusal);
  if (wrong) return { refusal: wrong };
  for (const user of recipients) state.known.add(user);
  const { id, fingerprint, at } = command;
  const announcement: Announcement = { id, fingerprint, sentAt: at, recipients, readBy: new Set() };
  state.announcements.push(announcement);
  return { value: view(announcement) };
}

export function readAnnouncement(
  state: AppState,
  command: Command<'read_announcement'>,
): Outcome<'read_announcement'> {
  const announcement = findForUser(state, command.announcement, command.user);
  if (!announcement) return { refusal: notFound('The announcement') };
  announcement.readBy.add(command.user);
  return { value: null };
}

export function deliverAnnouncement(
  state: AppState,
  command: Command<'deliver_announcement'>,
): Outcome<'deliver_announcement'> {
  const announcement = findForUser(state, command.announcement, command.user);
  return announcement ? { value: null } : { refusal: notFound('The announcement') };
}

export function unreadAnnouncements(state: AppState, user: string): readonly Announcement[] {
  return state.announcements.filter((each) => each.recipients.has(user) && !each.readBy.has(user));
}

function findForUser(state: AppState, id: string, user: string): Announcement | undefined {
  return state.announcements.find((each) => each.id === id && each.recipients.has(user));
}

function isAllowed(count: number): boolean {
  return count >= 1 && count <= limits.usersPerRequest;
}

function view(announcement: Announcement): AnnouncementView {
  return { id: announcement.id, sentAt: announcement.sentAt };
}
