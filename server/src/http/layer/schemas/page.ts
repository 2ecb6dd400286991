/** What a request says of the page of a list that it wants. */
import { limits } from '@badged/core';
import Type from 'typebox';

export const PageSize = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: limits.pageSize,
    description: `A whole number from 1 to ${limits.pageSize}.`,
  }),
);

export function pageOf({
  page_size: limit = limits.pageSize,
  from_id: fromId,
}: {
  readonly page_size?: number;
  readonly from_id?: string;
}): { readonly limit: number; readonly fromId: string | undefined } {
  return { limit, fromId };
}
