/** An input for a secret from a file, chosen or pasted. */
import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';

interface SecretFileProps {
  readonly label: string;
  readonly description: string;
  readonly placeholder: string;
  /** The file extension, such as ".p8". */
  readonly accept: string;
  readonly value: string;
  readonly onChange: (text: string, fileName?: string) => void;
  readonly error: string | undefined;
}

export function SecretFile({
  label,
  description,
  placeholder,
  accept,
  value,
  onChange,
  error,
}: SecretFileProps) {
  return (
    <Stack gap="xs">
      <Textarea
        label={label}
        description={description}
        placeholder={placeholder}
        autosize
        minRows={4}
        maxRows={8}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        error={error}
        required
        spellCheck={false}
        autoComplete="off"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group gap="xs">
        <FileButton
          accept={accept}
          onChange={async (file) => {
            if (file !== null) onChange(await file.text(), file.name);
          }}
          inputProps={{ 'aria-label': `${label}, from a file` }}
        >
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<IconUpload size={14} aria-hidden />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed">
          or paste its content
        </Text>
      </Group>
    </Stack>
  );
}
