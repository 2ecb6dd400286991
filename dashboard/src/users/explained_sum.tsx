/** The items that add up to the badge, each with a reason, and their sum. */
import type { BadgeItem, ExplainedBadge } from '@badged/client/api';
import { Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../parts/error_note.js';
import { api } from '../server/api.js';
import { useConversationNames } from './conversation_names.js';
import classes from './users.module.css';

interface ExplainedSumProps {
  readonly app: string;
  readonly user: string;
}

/** A user may have thousands of unread conversations. The rest is one row, so that the sum is complete. */
const shownAtFirst = 25;

export function ExplainedSum({ app, user }: ExplainedSumProps) {
  const { data, error } = useQuery({
    queryKey: ['of-user', app, user, 'explained'],
    queryFn: () => api.explainBadge({ app_uuid: app, user_id: user }),
  });
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="explained">
      <Stack gap="sm">
        <Title order={2} size="h4" id="explained">
          Where the badge comes from
        </Title>
        {error !== null && <ErrorNote error={error} />}
        {data === undefined && error === null && <Skeleton h={120} />}
        {data !== undefined && <Sum explained={data} app={app} user={user} />}
      </Stack>
    </Paper>
  );
}

function Sum({ explained, app, user }: { readonly explained: ExplainedBadge } & ExplainedSumProps) {
  const [showsAll, setShowsAll] = useState(false);
  const nameOf = useConversationNames(app, user);
  const { items, badge } = explained;
  const shown = showsAll ? items : items.slice(0, shownAtFirst);
  const rest = items.slice(shown.length);
  return (
    <>
      <Text c="dimmed">{explained.summary}</Text>
      <Table verticalSpacing="xs" horizontalSpacing="xs" aria-labelledby="explained">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Item</Table.Th>
            <Table.Th className={classes.adds ?? ''}>Adds</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((item) => (
            <ItemRow key={`${item.kind} ${item.of}`} item={item} nameOf={nameOf} />
          ))}
          {rest.length > 0 && (
            <Table.Tr>
              <Table.Td>
                <Group gap="sm">
                  <Text fw={500}>{rest.length} more</Text>
                  <Button variant="subtle" size="compact-sm" onClick={() => setShowsAll(true)}>
                    Show them
                  </Button>
                </Group>
              </Table.Td>
              <Adds count={sum(rest)} />
            </Table.Tr>
          )}
          {items.length === 0 && (
            <Table.Tr>
              <Table.Td>
                <Text c="dimmed">Nothing is unread, and the external count is 0.</Text>
              </Table.Td>
              <Adds count={0} />
            </Table.Tr>
          )}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr className={classes.total ?? ''}>
            <Table.Th scope="row">{badge === null ? 'No badge' : 'Badge'}</Table.Th>
            <Table.Td className={classes.adds ?? ''} data-testid="sum">
              {badge === null ? 'none' : `= ${badge}`}
            </Table.Td>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </>
  );
}

interface ItemRowProps {
  readonly item: BadgeItem;
  readonly nameOf: (conversation: string) => string;
}

function ItemRow({ item, nameOf }: ItemRowProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={500} className={classes.anywhere ?? ''}>
          {nameOfItem(item, nameOf)}
        </Text>
        <Text size="sm" c="dimmed" className={classes.anywhere ?? ''}>
          {item.because}
        </Text>
      </Table.Td>
      <Adds count={item.adds} />
    </Table.Tr>
  );
}

function Adds({ count }: { readonly count: number }) {
  return (
    <Table.Td className={classes.adds ?? ''} fw={count === 0 ? 400 : 600}>
      {count === 0 ? '0' : `+${count}`}
    </Table.Td>
  );
}

function nameOfItem({ kind, of }: BadgeItem, nameOf: (conversation: string) => string): string {
  if (kind === 'announcements') return 'Announcements';
  if (kind === 'conversation') return nameOf(of);
  if (kind === 'more_conversations') return 'Other conversations';
  return of === '' ? 'External count' : `External count “${of}”`;
}

function sum(items: readonly BadgeItem[]): number {
  return items.reduce((total, { adds }) => total + adds, 0);
}
