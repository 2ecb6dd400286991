/** The settings of an app. Nothing changes before they are saved. */

import type { App } from '@badged/client/api';
import { Button, Group, Paper, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../server/api.js';
import { ElsewhereNote, type FormErrors, formErrors } from '../form_errors.js';
import { BadgeModeChoice } from './badge_mode_choice.js';
import { consequenceOf, differences, type Settings } from './changes.js';
import classes from './settings_tab.module.css';

export function SettingsTab({ app }: { readonly app: App }) {
  const [edited, setEdited] = useState<Partial<Settings>>({});
  const settings = { ...app, ...edited };
  const changes = differences(app, settings);
  const isDirty = Object.keys(changes).length > 0;
  const saving = useMutation({ mutationFn: () => api.changeApp({ app_id: app.id, ...changes }) });
  const errors = formErrors(saving.error, ['name', 'badge_mode', 'include_announcements', 'jabber_domain']);
  const edit = (part: Partial<Settings>) => setEdited((before) => ({ ...before, ...part }));
  const forget = () => {
    setEdited({});
    saving.reset();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isDirty) saving.mutate(undefined, { onSuccess: () => setEdited({}) });
      }}
    >
      <Stack gap="lg">
        <Badge settings={settings} edit={edit} errors={errors} />
        <Names app={app} settings={settings} edit={edit} errors={errors} />
        <ElsewhereNote errors={errors} />
        <Paper withBorder p="md" className={isDirty ? (classes.bar ?? '') : ''}>
          <Group justify="space-between">
            <Text size="sm" c={isDirty ? '' : 'dimmed'} maw={560} aria-live="polite">
              {isDirty ? consequenceOf(changes) : saving.isSuccess ? 'Saved.' : 'No changes.'}
            </Text>
            <Group gap="xs">
              <Button variant="default" disabled={!isDirty} onClick={forget}>
                Discard
              </Button>
              <Button type="submit" disabled={!isDirty} loading={saving.isPending}>
                Save
              </Button>
            </Group>
          </Group>
        </Paper>
      </Stack>
    </form>
  );
}

interface PartProps {
  readonly settings: Settings;
  readonly edit: (part: Partial<Settings>) => void;
  readonly errors: FormErrors;
}

function Badge({ settings, edit, errors }: PartProps) {
  const { badge_mode, include_announcements } = settings;
  return (
    <Paper withBorder p="lg">
      <Stack>
        <div>
          <Title order={2} size="h4">
            What the badge counts
          </Title>
          <Text size="sm" c="dimmed">
            The external count, which your backend sets, is added in every mode but disabled.
          </Text>
        </div>
        <BadgeModeChoice
          mode={badge_mode}
          includeAnnouncements={include_announcements}
          onChange={(mode) => edit({ badge_mode: mode })}
          error={errors.at('badge_mode')}
        >
          <Switch
            label="Add unread announcements"
            description="In every mode but disabled."
            checked={include_announcements}
            onChange={({ currentTarget }) => edit({ include_announcements: currentTarget.checked })}
            error={errors.at('include_announcements')}
          />
        </BadgeModeChoice>
      </Stack>
    </Paper>
  );
}

function Names({ app, settings, edit, errors }: PartProps & { readonly app: App }) {
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2} size="h4">
          Names
        </Title>
        <TextInput
          label="Name"
          description="For display only."
          maw={480}
          value={settings.name}
          onChange={({ currentTarget }) => edit({ name: currentTarget.value })}
          error={errors.at('name')}
        />
        <TextInput
          label="Jabber domain"
          description={`The part after the @ in jabberIds of the Genesys-style API. Default: ${app.id}.badged.`}
          maw={480}
          value={settings.jabber_domain}
          onChange={({ currentTarget }) => edit({ jabber_domain: currentTarget.value })}
          error={errors.at('jabber_domain')}
          spellCheck={false}
          autoCapitalize="none"
        />
      </Stack>
    </Paper>
  );
}
