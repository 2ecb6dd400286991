/** The list of apps. */

import type { App } from '@badged/client/api';
import { Anchor, Button, EmptyState, Paper } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconApps, IconPlus } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useApps } from '../parts/app_picker.js';
import { ErrorNote } from '../parts/error_note.js';
import { Loading } from '../parts/loading.js';
import { Page } from '../parts/page.js';
import { modeWords } from './badge_modes.js';
import { NewApp } from './new_app.js';
import { Rows } from './rows.js';
import { When } from './when.js';

export default function AppsPage() {
  const { data: apps, error } = useApps();
  const [isOpen, { open, close }] = useDisclosure(false);
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      Create app
    </Button>
  );
  return (
    <Page
      title="Apps"
      about="Each app has its own users, tokens and badge mode. Apps share nothing."
      actions={create}
    >
      {error !== null && <ErrorNote error={error} />}
      {apps === undefined && error === null && <Loading />}
      {apps?.length === 0 && <NoApps />}
      {apps !== undefined && apps.length > 0 && <Apps apps={apps} />}
      <NewApp isOpen={isOpen} onClose={close} />
    </Page>
  );
}

function NoApps() {
  return (
    <Paper withBorder p="xl">
      <EmptyState
        icon={<IconApps />}
        title="No apps yet"
        description="Create an app for each product with badges. Its backend sends events to this server with the app's token."
      />
    </Paper>
  );
}

function Apps({ apps }: { readonly apps: readonly App[] }) {
  return (
    <Rows
      label="Apps"
      rows={apps}
      keyOf={({ id }) => id}
      title={{
        name: 'Name',
        cell: ({ id, name }) => (
          <Anchor component={Link} href={`/apps/${encodeURIComponent(id)}`} inherit>
            {name}
          </Anchor>
        ),
      }}
      columns={[
        { name: 'Badge mode', cell: modeWords },
        { name: 'Created', cell: ({ created_at }) => <When at={created_at} /> },
      ]}
      actions={({ id, name }) => (
        <Button
          component={Link}
          href={`/playground/${encodeURIComponent(id)}`}
          variant="default"
          size="xs"
          aria-label={`Open ${name} in the playground`}
        >
          Playground
        </Button>
      )}
    />
  );
}
