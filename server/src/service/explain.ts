/**
 * A badge, itemised: each external count, the unread announcements and each conversation, with what it adds to the
 * number and a sentence that says why. The items sum to the badge, because the badge is their sum.
 */
import { type BadgeMode, limits } from '@badged/core';
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
  readonly kind: 'external' | 'announcements' | 'conversation' | 'more_conversations';
  /** The external count's name ('' for the unnamed one) or the conversation's id. Otherwise empty. */
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
  return explained(
    await readExplanation(service, app, user, { unknownUser, limit: limits.explainedConversations }),
  );
}

/** What the badge is the sum of, at one moment. */
export async function readExplanation(
  service: Service,
  app: string,
  user: string,
  { unknownUser, limit }: { readonly unknownUser: UnknownUser; readonly limit: number },
): Promise<Explanation> {
  const query = { type: 'explanation', user: userId(user, 'user_id'), now: service.now(), limit } as const;
  const explanation = await service.store.ask(app, query);
  if (explanation === undefined && unknownUser === 'zero')
    return { badge: await zeroBadge(service, app), conversations: [], more: noMore, announcements: [] };
  return orNotFound(explanation, 'This user');
}

const noMore = { conversationCount: 0, countedConversationCount: 0, unreadMessageCount: 0, badgeCount: 0 };

export function explained(explanation: Explanation): ExplainedBadge {
  const badge = withNumber(explanation.badge);
  const items = [
    ...externalItems(badge),
    ...announcementItems(explanation, badge),
    ...conversationItems(explanation, badge),
    ...moreItems(explanation, badge),
  ];
  const { conversations, announcements } = explanation;
  return { badge, summary: summary(badge, items), items, conversations, announcements };
}

const addedUp: Record<BadgeMode, readonly string[]> = {
  unread_messages: ['unread messages', 'external counts'],
  unread_conversations: ['conversations with unread messages', 'external counts'],
  external: ['external counts'],
  disabled: [],
};

/** "The badge adds up unread messages and external counts: 2 + 3 = 5." */
function summary({ badge, settings }: Badge, items: readonly Item[]): string {
  if (badge === null)
    return 'Badges are disabled in this app. No push carries one, and icons stay as they are.';
  const announcements = settings.includeAnnouncements ? ['unread announcements'] : [];
  const counted = [...addedUp[settings.mode], ...announcements];
  const numbers = items.map((item) => item.adds).filter((adds) => adds > 0);
  const sum = numbers.length < 2 ? `${badge}` : `${numbers.join(' + ')} = ${badge}`;
  return `The badge adds up ${listed(counted)}: ${sum}.`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
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

function announcementItems({ badge }: Explanation, { settings }: Badge): Item[] {
  const count = badge.unreadAnnouncementCount;
  if (count === 0) return [];
  const counted = settings.includeAnnouncements && settings.mode !== 'disabled';
  const because = `${number(count, 'unread announcement')}${counted ? '' : ', which this app does not count'}.`;
  return [{ kind: 'announcements', of: '', adds: counted ? count : 0, because }];
}

function conversationItems({ conversations }: Explanation, { settings }: Badge): Item[] {
  return conversations.map((conversation) => ({
    kind: 'conversation',
    of: conversation.id,
    adds: contribution(conversation, settings.mode),
    because: [unread(conversation), weight(conversation, settings.mode)].filter(Boolean).join(' '),
  }));
}

/** The conversations that are not listed one by one. */
function moreItems({ more }: Explanation, { settings }: Badge): Item[] {
  const { conversationCount, countedConversationCount, unreadMessageCount } = more;
  if (conversationCount === 0) return [];
  const conversations = `${number(conversationCount, 'more conversation')} with ${number(unreadMessageCount, 'unread message')}.`;
  const adds = { unread_messages: more.badgeCount, unread_conversations: countedConversationCount };
  const { mode } = settings;
  return mode === 'external' || mode === 'disabled'
    ? [
        {
          kind: 'more_conversations',
          of: '',
          adds: 0,
          because: `${conversations} Messages do not count in this app.`,
        },
      ]
    : [{ kind: 'more_conversations', of: '', adds: adds[mode], because: conversations }];
}

function contribution({ badgeCount }: ExplainedConversation, mode: BadgeMode): number {
  if (mode === 'unread_messages') return badgeCount;
  return mode === 'unread_conversations' && badgeCount > 0 ? 1 : 0;
}

/** "3 unread messages (6 to 9, without 1 deleted or silent)." The numbers in parentheses are positions. */
function unread(conversation: ExplainedConversation): string {
  const { head, joined, cursor, acknowledgedCount, uncounted, unreadMessageCount } = conversation;
  const first = Math.max(cursor, joined) + 1;
  const range = first === head ? `${head}` : `${first} to ${head}`;
  const without = [
    except(acknowledgedCount, 'read, sent or blocked by the user'),
    except(uncounted, 'deleted or silent'),
  ].filter(Boolean);
  const exceptions = without.length === 0 ? '' : `, without ${without.join(' and ')}`;
  return `${number(unreadMessageCount, 'unread message')} (${range}${exceptions}).`;
}

function except(count: number, which: string): string {
  return count === 0 ? '' : `${count} ${which}`;
}

/** Why the conversation adds something else than its number of unread messages; empty if it adds just that. */
function weight(conversation: ExplainedConversation, mode: BadgeMode): string {
  const { badgeCount, level, mutedUntil, unreadMessageCount } = conversation;
  if (mode === 'disabled' || mode === 'external') return 'Messages do not count in this app.';
  if (mutedUntil !== null)
    return `The conversation is muted until ${new Date(mutedUntil).toISOString()} and adds 0.`;
  if (level === 'none') return 'The notification level is none, so it adds 0.';
  if (level === 'mentions') return `Only mentions count: ${badgeCount} of ${unreadMessageCount}.`;
  return mode === 'unread_conversations' ? 'The conversation counts once.' : '';
}

function number(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
