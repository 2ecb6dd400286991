/** One user's badge: read, explained, and its external counts. */

import { hash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { readSnapshot } from '../../service/badge_snapshot.js';
import { setExternal } from '../../service/badges.js';
import { explainBadge } from '../../service/explain.js';
import { withResult } from '../../service/operation.js';
import { refuseInvalid, refuseMissing } from '../../service/refused.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { UserId } from '../foundation/ids.js';
import { examples } from './examples/badges.js';
import { BadgeSnapshot, Count, Explanation, explanationResponse, snapshotResponse } from './schemas/badge.js';
import { Patch } from './schemas/patch.js';
import { unknownUserOf } from './unknown_user.js';

const tag = 'badges';
export const badgeUrl = '/apps/:app_uuid/users/:user_id/badge';
/** The same for the plain badge and for its stream. */
export const badgeQuery = {
  conversations: Type.Optional(
    Type.Boolean({
      description: 'true adds the list of unread conversations, consistent with the badge; otherwise false.',
    }),
  ),
};
const ExternalName = Type.String({ description: 'The name of an external count.' });

const setBadge = {
  tag,
  url: badgeUrl,
  access: 'app',
  params: { user_id: UserId },
  body: { external_unread_count: Count },
  responses: { 204: NoContent },
} as const;

export const badgeEndpoints = [
  endpoint({
    name: 'get_badge',
    example: examples.get_badge,
    summary:
      "Read a user's badge; with Accept: text/event-stream, read it now and after each change, as Server-Sent Events.",
    tag,
    method: 'GET',
    url: badgeUrl,
    access: 'user',
    params: { user_id: UserId },
    query: badgeQuery,
    headers: {
      'if-none-match': Type.Optional(Type.String({ description: 'The ETag of an earlier response.' })),
      'last-event-id': Type.Optional(
        Type.String({ description: 'For a stream: the id of the last received event.' }),
      ),
    },
    responses: { 200: BadgeSnapshot, 304: NoContent },
    run: async (call, { user_id, conversations = false }) => {
      const options = { conversations, unknownUser: unknownUserOf(call) };
      const body = snapshotResponse(await readSnapshot(call.service, call.app, user_id, options));
      const etag = `"${contentTag(body)}"`;
      const headers = { etag, 'cache-control': 'private, no-cache' };
      return matches(call.ifNoneMatch, etag) ? respond(304, null, headers) : respond(200, body, headers);
    },
  }),

  endpoint({
    ...setBadge,
    name: 'set_badge',
    example: examples.set_badge,
    summary: "Set a user's external count.",
    method: 'PUT',
    batch: true,
    operation: (_call, { user_id, external_unread_count: count }) =>
      withResult(setExternal({ user: user_id, name: '', count }), () => noContent),
  }),

  endpoint({
    ...setBadge,
    name: 'post_badge',
    example: examples.post_badge,
    summary: "Set a user's external count. Same as PUT.",
    idempotency: 'natural',
    method: 'POST',
    operation: (_call, { user_id, external_unread_count: count }) =>
      withResult(setExternal({ user: user_id, name: '', count }), () => noContent),
  }),

  endpoint({
    name: 'patch_badge',
    example: examples.patch_badge,
    summary: "Set a user's external count, as a list with one operation. Same as PUT.",
    idempotency: 'natural',
    tag,
    method: 'PATCH',
    url: badgeUrl,
    access: 'app',
    params: { user_id: UserId },
    body: { operations: Patch },
    bodyIs: 'operations',
    responses: { 204: NoContent },
    operation: (_call, { user_id, operations }) => {
      const count = patchedCount(operations);
      return withResult(setExternal({ user: user_id, name: '', count }), () => noContent);
    },
  }),

  endpoint({
    name: 'explain_badge',
    example: examples.explain_badge,
    summary: "Explain a user's badge: list the items that it is the sum of.",
    tag,
    method: 'GET',
    url: `${badgeUrl}/explain`,
    access: 'user',
    params: { user_id: UserId },
    responses: { 200: Explanation },
    run: async (call, { user_id }) => {
      const explained = await explainBadge(call.service, call.app, user_id, unknownUserOf(call));
      return respond(200, explanationResponse(explained));
    },
  }),

  endpoint({
    name: 'set_external_count',
    example: examples.set_external_count,
    summary: 'Set a named external count.',
    tag,
    method: 'PUT',
    url: `${badgeUrl}/external/:name`,
    access: 'app',
    batch: true,
    params: { user_id: UserId, name: ExternalName },
    body: { count: Count },
    responses: { 204: NoContent },
    operation: (_call, { user_id, name, count }) =>
      withResult(setExternal({ user: user_id, name, count }), () => noContent),
  }),

  endpoint({
    name: 'delete_external_count',
    summary: 'Remove a named external count.',
    tag,
    method: 'DELETE',
    url: `${badgeUrl}/external/:name`,
    access: 'app',
    batch: true,
    params: { user_id: UserId, name: ExternalName },
    responses: { 204: NoContent },
    operation: (_call, { user_id, name }) =>
      withResult(setExternal({ user: user_id, name, count: null }), () => noContent),
  }),
];

/**
 * The ETag of a response, and the id of an event in a stream. Equal for equal contents, and for no others: without a list it
 * is the counts themselves, which cost less than a hash of them.
 */
export function contentTag(body: Static<typeof BadgeSnapshot>): string {
  if (body.conversations !== undefined) return hash('sha256', JSON.stringify(body), 'base64url').slice(0, 22);
  const { unread_message_count: messages, unread_conversation_count: conversations } = body;
  const { unread_announcement_count: announcements, external_unread_count: external } = body;
  return `${messages}-${conversations}-${announcements}-${external}-${body.badge ?? ''}-${body.badge_mode}`;
}

/** The last one that is set. */
function patchedCount(operations: Static<typeof Patch>): number {
  let count: unknown;
  for (const [index, { operation, property, value }] of operations.entries()) {
    if (property !== 'external_unread_count')
      refuseInvalid(`${index}.property`, 'property must be "external_unread_count".');
    if (operation !== 'set') refuseInvalid(`${index}.operation`, 'operation must be "set".');
    count = value;
  }
  if (typeof count === 'number') return count;
  return refuseMissing(
    'value',
    'value is missing. Send [{"operation": "set", "property": "external_unread_count", "value": 3}].',
  );
}

/** RFC 9110, section 13.1.2: a list of tags compared weakly, or a star. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
