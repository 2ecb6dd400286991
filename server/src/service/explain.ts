/**
 * A badge, itemised: every external count, unread announcement and conversation with what it adds to the
 * number and why, in words. The items sum to the badge, because they are what the badge is the sum of.
 */
import type { BadgeMode } from '@badged/core';
import type { ExplainedConversation, Explanation } from '../store/port.js';
import { type Badge, type UnknownUser, withNumber, zeroBadge } from './badges.js';
import { userId } from './ids.js';
import { orNotFound } from './refused.js';
import type { Service } from './service.js';

export interface ExplainedBadge {
  readonly badge: Badge;
  readonly summary: string;
  readonly items: readonly Item[];
  readonly conversations: readonly ExplainedConversation[];
  readonly announcements: readonly string[];
}

export interface Item {
  readonly kind: 'external' | 'announcements' | 'conversation';
  /** The external count's name ('' for the unnamed one) or the conversation's id. Empty for announcements. */
  readonly of: string;
  /** What it adds to the badge. */
  readonly adds: number;
  readonly because: string;
}

export async function explainBadge(
  service: Service,
  app: string,
  user: string,
  unknownUser: UnknownUser = 'not_found',
): Promise<ExplainedBadge> {
  return explained(await readExplanation(service, app, user, unknownUser));
}

/** Everything that the badge is the sum of, at one moment. */
export async function readExplanation(
  service: Service,
  app: string,
  user: string,
  unknownUser: UnknownUser,
): Promise<Explanation> {
  const query = { type: 'explanation', user: userId(user, 'user_id'), now: service.now() } as const;
  const explanation = await service.store.ask(app, query);
  if (explanation === undefined && unknownUser === 'zero')
    return { badge: await zeroBadge(service, app), conversations: [], announcements: [] };
  return orNotFound(explanation, 'This user');
}

export function explained(explanation: Explanation): ExplainedBadge {
  const badge = withNumber(explanation.badge);
  const items = [
    ...externalItems(badge),
    ...announcementItems(explanation, badge),
    ...conversationItems(explanation, badge),
  ];
  const { conversations, announcements } = explanation;
  return { badge, summary: summary(badge, items), items, conversations, announcements };
}

const meaning: Record<BadgeMode, string> = {
  unread_messages: 'every unread message',
  unread_conversations: 'every conversation with unread messages',
  external: 'the external counts, and no messages',
  disabled: 'nothing',
};

function summary(badge: Badge, items: readonly Item[]): string {
  if (badge.badge === null)
    return 'Badges are disabled in this app: there is no number, and pushes leave the icon as it is.';
  const sum = items.filter((item) => item.adds > 0).map((item) => item.adds);
  const total = sum.length < 2 ? `${badge.badge}` : `${sum.join(' + ')} = ${badge.badge}`;
  const announcements = badge.settings.includeAnnouncements ? 'added' : 'not added';
  return `The badge counts ${meaning[badge.settings.mode]}; external counts are added, announcements are ${announcements}: ${total}.`;
}

function externalItems(badge: Badge): Item[] {
  const disabled = badge.settings.mode === 'disabled';
  return Object.entries(badge.external).map(([name, count]) => ({
    kind: 'external',
    of: name,
    adds: disabled ? 0 : count,
    because: `The app set ${name === '' ? 'the external count' : `the external count ${JSON.stringify(name)}`} to ${count}.`,
  }));
}

function announcementItems({ announcements }: Explanation, { settings }: Badge): Item[] {
  const count = announcements.length;
  if (count === 0) return [];
  const counted = settings.includeAnnouncements && settings.mode !== 'disabled';
  const because = `${number(count, 'announcement')} unread${counted ? '' : ', which this app does not count'}.`;
  return [{ kind: 'announcements', of: '', adds: counted ? count : 0, because }];
}

function conversationItems({ conversations }: Explanation, { settings }: Badge): Item[] {
  return conversations.map((conversation) => ({
    kind: 'conversation',
    of: conversation.id,
    adds: contribution(conversation, settings.mode),
    because: `${positions(conversation)} ${weight(conversation, settings.mode)}`,
  }));
}

function contribution({ badgeCount }: ExplainedConversation, mode: BadgeMode): number {
  if (mode === 'unread_messages') return badgeCount;
  return mode === 'unread_conversations' && badgeCount > 0 ? 1 : 0;
}

/** "Messages 6 to 9 come after what is read; 1 is deleted or silent: 3 messages unread." */
function positions(conversation: ExplainedConversation): string {
  const { head, joined, cursor, acknowledged, uncounted, unreadMessageCount } = conversation;
  const one = size(acknowledged);
  const read =
    one === 0 ? '' : `; ${one} ${be(one)} read one by one, the user's own, or from somebody they block`;
  const none = uncounted === 0 ? '' : `; ${uncounted} ${be(uncounted)} deleted or silent`;
  const range = `Messages ${Math.max(cursor, joined) + 1} to ${head} ${start(cursor, joined)}`;
  return `${range}${read}${none}: ${number(unreadMessageCount, 'message')} unread.`;
}

function start(cursor: number, joined: number): string {
  if (cursor > joined) return 'come after what is read';
  return joined > 0 ? 'came after the user joined' : 'are all there are';
}

function weight(conversation: ExplainedConversation, mode: BadgeMode): string {
  const { badgeCount, level, mutedUntil, unreadMessageCount } = conversation;
  if (mode === 'disabled' || mode === 'external') return 'Messages do not count in this app.';
  if (mutedUntil !== null)
    return `It is muted until ${new Date(mutedUntil).toISOString()} and counts for nothing.`;
  if (level === 'none') return 'Its notifications are off, so it counts for nothing.';
  if (level === 'mentions') return `Only mentions count: ${badgeCount} of ${unreadMessageCount}.`;
  return mode === 'unread_conversations' ? 'The conversation counts once.' : 'Each counts.';
}

function size(intervals: readonly number[]): number {
  let total = 0;
  for (let i = 0; i + 1 < intervals.length; i += 2)
    total += (intervals[i + 1] ?? 0) - (intervals[i] ?? 0) + 1;
  return total;
}

function number(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function be(count: number): string {
  return count === 1 ? 'is' : 'are';
}
