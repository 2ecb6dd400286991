/**
 * Ids as callers write them. Every resource has a URI, such as layer:///conversations/ID and
 * layer:///identities/USER with the id URL-encoded. Every request accepts the plain id as well.
 */
import {
  checkConversationId,
  checkUserId,
  type Identified,
  limits,
  parseUuid,
  type Refusal,
  tooManyUsers,
} from '@badged/core';
import type { Fingerprint } from './content_fingerprint.js';
import { Refused, refuseInvalid, refuseNotFound } from './refused.js';

export type ResourceKind = 'conversations' | 'messages' | 'announcements' | 'notifications';

/** The resources whose ids are always UUIDs. */
type UuidKind = Exclude<ResourceKind, 'conversations'>;

export function resourceUri(kind: ResourceKind, id: string): string {
  return `layer:///${kind}/${encodeURIComponent(id)}`;
}

/**
 * The id of a conversation: any text that may be a user id too. A UUID is returned in lower case, because it names
 * the same conversation in any case.
 *
 * @param property - The property of the request, for the refusal.
 */
export function conversationId(text: string, property: string): string {
  const id = checkedId(text, property, 'layer:///conversations/', checkConversationId);
  return parseUuid(id) ?? id;
}

export function parseResourceId(kind: UuidKind, text: string): string | undefined {
  const prefix = `layer:///${kind}/`;
  return parseUuid(text.startsWith(prefix) ? text.slice(prefix.length) : text);
}

/** The id of a resource that must exist. A text that is no UUID names none. */
export function existingId(kind: UuidKind, text: string): string {
  return parseResourceId(kind, text) ?? refuseNotFound(`${singular[kind]} ${JSON.stringify(text)}`);
}

const singular = {
  messages: 'Message',
  announcements: 'Announcement',
  notifications: 'Notification',
};

/** The app's UUID, plain or as layer:///apps/ENVIRONMENT/UUID. */
export function parseAppId(text: string): string | undefined {
  return parseUuid(/^layer:\/\/\/apps\/[a-z]+\/(.*)$/.exec(text)?.[1] ?? text);
}

const identityPrefix = 'layer:///identities/';

/** A user id: plain, or as its URI with the id URL-encoded. */
export function userId(text: string, property: string): string {
  return checkedId(text, property, identityPrefix, checkUserId);
}

/** Users that a request names. Refuses more than `limits.usersPerRequest` before it reads any of them. */
/**
 * The id of a user for whom a token is made: never a URI. Users often choose their ids themselves, and one who calls
 * themselves layer:///identities/boss must not get a token of boss.
 */
export function plainUserId(text: string, property: string): string {
  if (!text.startsWith(identityPrefix)) return userId(text, property);
  return refuseInvalid(property, `${property} must be a plain user id, and not ${identityPrefix}ID.`);
}

export function userIds(texts: readonly string[], property: string): string[] {
  checkUserCount(texts.length, property);
  return texts.map((text) => userId(text, property));
}

/** Refuses a request that names so many users. */
export function checkUserCount(count: number, property: string): void {
  if (count <= limits.usersPerRequest) return;
  throw new Refused(tooManyUsers(property, count, 'Name the others in further requests.'));
}

function checkedId(
  text: string,
  property: string,
  prefix: string,
  check: (property: string, id: string) => Refusal | undefined,
): string {
  const id = text.startsWith(prefix) ? decoded(text.slice(prefix.length), property) : text;
  // Parsed a second time, as in the path of a route or the subject of a token, it would become another id.
  if (id.startsWith(prefix)) refuseInvalid(property, `${property} may not be the URI of a URI.`);
  const refusal = check(property, id);
  if (refusal !== undefined) throw new Refused(refusal);
  return id;
}

function decoded(encoded: string, property: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return refuseInvalid(property, `${property} is a URI whose id is not URL-encoded correctly.`);
  }
}

export interface ChosenId {
  /** The caller's own id for the resource: the same id with other content is refused. */
  readonly id?: string | undefined;
  /** The id of the request: a retry gets what the first one created, whatever its body is. */
  readonly requestId?: string | undefined;
}

/** The identity of the created resource, if the caller chose one. */
export function chosenIdentity(
  { fingerprint }: { readonly fingerprint: Fingerprint },
  kind: ResourceKind,
  chosen: ChosenId,
  content: () => unknown,
): Identified | undefined {
  if (chosen.id !== undefined) {
    return { id: ownId(kind, chosen.id), fingerprint: fingerprint([kind, content()]) };
  }
  return chosen.requestId === undefined ? undefined : { id: chosen.requestId };
}

function ownId(kind: ResourceKind, text: string): string {
  if (kind === 'conversations') return conversationId(text, 'id');
  const message = `id must be a UUID, or one after ${resourceUri(kind, '')}. Choose another, or leave it out.`;
  return parseResourceId(kind, text) ?? refuseInvalid('id', message);
}
