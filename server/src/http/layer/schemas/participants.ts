/** The schemas of a page of participants, for the app and for one participant. */
import { limits, type ParticipantsPage } from '@badged/core';
import Type from 'typebox';
import { respond } from '../../foundation/endpoint.js';

export const participantsQuery = {
  page_size: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: limits.participantsPerPage,
      description: `A whole number from 1 to ${limits.participantsPerPage}. Default: ${limits.pageSize}.`,
    }),
  ),
  from_id: Type.Optional(
    Type.String({
      description: 'The id of the last user of the previous page. They need not take part any more.',
    }),
  ),
};

const ParticipantId = Type.String({ $id: 'ParticipantId', description: 'The id of a user.' });

export const Participants = Type.Array(ParticipantId, {
  description: 'In the order in which the app first named these users.',
});

export function participantsResponse({ total, participants }: ParticipantsPage) {
  return respond(200, [...participants], { 'layer-count': `${total}` });
}
