/**
 * Ids as callers write them. Resources have URIs, such as layer:///conversations/UUID and
 * layer:///identities/USER; wherever an id goes in, the bare form is as good.
 */
import { checkUserId, type Identified, parseUuid } from '@badged/core';
import { Refused, refuseInvalid, refuseNotFound } from './refused.js';
import type { Service } from './service.js';

export type ResourceKind = 'conversations' | 'messages' | 'announcements' | 'notifications';

const identityPrefix = 'layer:///identities/';

export function resourceUri(kind: ResourceKind, id: string): string {
  return `layer:///${kind}/${id}`;
}

export function parseResourceId(kind: ResourceKind, text: string): string | undefined {
  const prefix = `layer:///${kind}/`;
  return parseUuid(text.startsWith(prefix) ? text.slice(prefix.length) : text);
}

/** The id of something that is named to be found: what is no id at all does not exist. */
export function existingId(kind: ResourceKind, text: string): string {
  return parseResourceId(kind, text) ?? refuseNotFound(`${singular[kind]} ${JSON.stringify(text)}`);
}

const singular = {
  conversations: 'Conversation',
  messages: 'Message',
  announcements: 'Announcement',
  notifications: 'Notification',
};

/** The app's UUID, plain or as layer:///apps/ENVIRONMENT/UUID. */
export function parseAppId(text: string): string | undefined {
  return parseUuid(/^layer:\/\/\/apps\/[a-z]+\/(.*)$/.exec(text)?.[1] ?? text);
}

/** A user id, plain or as its URI with the id URL-encoded. */
export function userId(text: string, property: string): string {
  const id = text.startsWith(identityPrefix) ? decodeIdentity(text, property) : text;
  // Read once more, as the address of a route or the user of a token is, it would name somebody else.
  if (id.startsWith(identityPrefix)) refuseInvalid(property, `${property} may not be the URI of a URI.`);
  const refusal = checkUserId(property, id);
  if (refusal !== undefined) throw new Refused(refusal);
  return id;
}

export function userIds(texts: readonly string[], property: string): string[] {
  return texts.map((text) => userId(text, property));
}

function decodeIdentity(text: string, property: string): string {
  try {
    return decodeURIComponent(text.slice(identityPrefix.length));
  } catch {
    return refuseInvalid(property, `${property} holds an identity URI that is not URL-encoded correctly.`);
  }
}

export interface ChosenId {
  /** The caller's own id of the resource: the same id with other content is refused. */
  readonly id?: string | undefined;
  /** The id of the request: whatever a repeat says, it is answered with what the first one made. */
  readonly requestId?: string | undefined;
}

/** The identity of what is created, where the caller chose one. */
export function chosenIdentity(
  service: Service,
  kind: ResourceKind,
  chosen: ChosenId,
  content: () => unknown,
): Identified | undefined {
  if (chosen.id !== undefined) {
    const id =
      parseResourceId(kind, chosen.id) ??
      refuseInvalid(
        'id',
        `id must be a UUID, or one after ${resourceUri(kind, '')}. Choose another, or leave it out.`,
      );
    return { id, fingerprint: service.fingerprint([kind, content()]) };
  }
  return chosen.requestId === undefined ? undefined : { id: chosen.requestId };
}
