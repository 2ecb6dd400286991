/** The schema of an app's badge mode. */
import { type BadgeMode, badgeModes } from '@badged/core';
import Type from 'typebox';

export const Mode = Type.Unsafe<BadgeMode>({
  $id: 'BadgeMode',
  type: 'string',
  enum: [...badgeModes],
  description: `One of ${badgeModes.join(', ')}.`,
});
