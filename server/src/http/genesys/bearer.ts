/** The OAuth token of a call that the access rule has admitted. */
import type { UserBearer } from '../../service/channels.js';
import type { Bearer } from '../../service/oauth/grants.js';
import type { Call } from '../foundation/endpoint.js';

export function bearerOf({ bearer }: Call): Bearer {
  if (bearer === undefined) throw new Error('the access rule of this endpoint lets other tokens in');
  return bearer;
}

export function userBearerOf(call: Call): UserBearer {
  const bearer = bearerOf(call);
  if (bearer.user === undefined) throw new Error('the access rule of this endpoint lets in who is no user');
  return { ...bearer, user: bearer.user };
}
