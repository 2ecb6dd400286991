// The double's BadgesApi, TokensApi and UsersApi, for its one user.

import { apiError, type HttpAnswer, type HttpCall, queryOf, requireNoBody } from './http_call.js';
import type { TokenRegistry } from './token_registry.js';

export interface DoubleEntity {
  readonly jabberId: string;
  readonly type: 'person' | 'group';
  unreadCount: number;
  readonly lastUnread: Date;
}

export interface DoubleUser {
  readonly id: string;
  readonly jabberId: string;
}

const BADGES = '/api/v2/badges/chats';

export class BadgeEndpoints {
  readonly #user: DoubleUser;
  readonly #entities: readonly DoubleEntity[];
  readonly #tokens: TokenRegistry;

  constructor(user: DoubleUser, entities: readonly DoubleEntity[], tokens: TokenRegistry) {
    this.#user = user;
    this.#entities = entities;
    this.#tokens = tokens;
  }

  unread(): DoubleEntity[] {
    return this.#entities
      .filter((entity) => entity.unreadCount > 0)
      .sort((one, other) => other.lastUnread.getTime() - one.lastUnread.getTime());
  }

  list(call: HttpCall): HttpAnswer {
    requireNoBody(call);
    const query = queryOf(call, 'pageSize', 'pageNumber');
    const pageSize = wholeNumber(query.get('pageSize') ?? '25', 'pageSize', 500);
    const pageNumber = wholeNumber(query.get('pageNumber') ?? '1', 'pageNumber', Number.MAX_SAFE_INTEGER);
    const unread = this.unread();
    const pageCount = Math.ceil(unread.length / pageSize);
    const uri = (page: number) => `${BADGES}?pageSize=${pageSize}&pageNumber=${page}`;
    const body = {
      entities: unread.slice((pageNumber - 1) * pageSize, pageNumber * pageSize).map(chatBadge),
      pageSize,
      pageNumber,
      total: unread.length,
      pageCount,
      firstUri: uri(1),
      selfUri: uri(pageNumber),
      lastUri: uri(Math.max(1, pageCount)),
      ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
      ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
    };
    return { status: 200, body };
  }

  clear(call: HttpCall): HttpAnswer {
    requireNoBody(call);
    queryOf(call);
    const jabberId = decodeURIComponent(call.url.pathname.slice(BADGES.length + 1));
    const jid = jabberId.includes('@') ? jabberId : `${jabberId}@${this.#user.jabberId.split('@')[1]}`;
    // RFC 7622 keeps these out of a localpart.
    if (!/^[^@]+@[^@]+$/.test(jid) || /["&'/:<>\s]/.test(jid)) {
      throw apiError(400, 'bad.request', `Not a jabberId: ${jabberId}`);
    }
    const entity = this.#entities.find((candidate) => candidate.jabberId === jid);
    if (entity === undefined) throw apiError(404, 'not.found', `No entity ${jabberId}`);
    entity.unreadCount = 0;
    return { status: 204 };
  }

  tokenInfo(clientId: string): HttpAnswer {
    const organization = { id: 'app-1', name: 'An app' };
    const OAuthClient = { id: clientId, organization };
    return {
      status: 200,
      body: { organization, homeOrganization: organization, authorizedScope: [], OAuthClient },
    };
  }

  revoke(call: HttpCall, accessToken: string): HttpAnswer {
    requireNoBody(call);
    this.#tokens.forget(accessToken);
    return { status: 204 };
  }

  me(): HttpAnswer {
    const { id, jabberId } = this.#user;
    return { status: 200, body: { id, name: id, chat: { jabberId } } };
  }
}

function chatBadge(entity: DoubleEntity): unknown {
  const { jabberId, type, unreadCount, lastUnread } = entity;
  return {
    entity: { id: jabberId.split('@')[0], type, jid: jabberId, jabberId },
    unreadCount,
    lastUnreadNotificationDate: lastUnread.toISOString(),
  };
}

function wholeNumber(text: string, name: string, largest: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > largest) {
    throw apiError(400, 'bad.request', `${name} must be a whole number from 1 to ${largest}`);
  }
  return number;
}
