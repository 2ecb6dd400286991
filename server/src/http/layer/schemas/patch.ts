/** Layer Patch: a list of operations on the properties of a resource, applied whole or not at all. */
import { limits } from '@badged/core';
import Type from 'typebox';

export const Patch = Type.Array(
  Type.Object(
    {
      operation: Type.Union(
        [Type.Literal('add'), Type.Literal('remove'), Type.Literal('set'), Type.Literal('delete')],
        {
          description: 'One of "add", "remove", "set" and "delete".',
        },
      ),
      property: Type.String({
        description: 'The property to change, such as "participants" or "metadata.title".',
      }),
      value: Type.Optional(Type.Unknown({ description: 'The value to add, remove or set.' })),
    },
    { $id: 'PatchOperation', description: 'A change of one property.' },
  ),
  {
    maxItems: limits.patchOperations,
    description: `A list of at most ${limits.patchOperations} operations.`,
  },
);
