/** The counts of the example user of the previews. */
import { Fieldset, NumberInput, SimpleGrid } from '@mantine/core';

export interface Example {
  readonly messages: number;
  readonly conversations: number;
  readonly external: number;
  readonly announcements: number;
}

export const firstExample: Example = { messages: 5, conversations: 2, external: 3, announcements: 1 };

interface ExampleUserProps {
  readonly example: Example;
  readonly onChange: (example: Example) => void;
}

const fields = [
  { field: 'messages', label: 'Unread messages' },
  { field: 'conversations', label: 'in conversations' },
  { field: 'external', label: 'External count' },
  { field: 'announcements', label: 'Announcements' },
] as const;

export function ExampleUser({ example, onChange }: ExampleUserProps) {
  return (
    <Fieldset legend="Counts of the example user" radius="md">
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {fields.map(({ field, label }) => (
          <NumberInput
            key={field}
            label={label}
            size="xs"
            min={0}
            max={9_999}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            value={example[field]}
            onChange={(value) => onChange(possible({ ...example, [field]: Number(value) }, field))}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  );
}

/** Makes the counts consistent: unread messages are in conversations, and each of these has at least one. */
function possible(example: Example, edited: keyof Example): Example {
  const { messages, conversations } = example;
  if (edited === 'conversations') return { ...example, messages: Math.max(messages, conversations, 0) };
  return { ...example, conversations: Math.min(messages, Math.max(conversations, 1)) };
}
