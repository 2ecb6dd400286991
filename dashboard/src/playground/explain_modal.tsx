/** Explains a badge: the items that add up to it, live while the dialog is open. */
import { Loader, Modal, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../parts/error_note.js';
import { type Api, apiThrough } from '../server/api.js';
import { resourceId } from '../server/resource_id.js';
import type { Chat } from './chats.js';
import type { LiveBadge } from './live_badges.js';
import { usePlayground } from './mutations.js';
import type { Person } from './people.js';

type Explained = Awaited<ReturnType<Api['explainBadge']>>;

interface ExplainModalProps {
  readonly person: Person;
  readonly chats: readonly Chat[];
  readonly badge: LiveBadge | undefined;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function ExplainModal({ person, chats, badge, opened, onClose }: ExplainModalProps) {
  const { app, log } = usePlayground();
  const { data: explained, error } = useQuery({
    // A new badge needs a new explanation.
    queryKey: ['explanation', app.id, person, badge],
    queryFn: () =>
      apiThrough(log.through(`Explain the badge of ${person}`)).explainBadge({
        app_uuid: app.id,
        user_id: person,
      }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: opened,
  });
  return (
    <Modal opened={opened} onClose={onClose} title={`The badge of ${person}`}>
      {error !== null && <ErrorNote error={error} />}
      {explained === undefined && error === null && <Loader aria-label="Loading" />}
      {explained !== undefined && <Explanation explained={explained} chats={chats} />}
    </Modal>
  );
}

function Explanation({
  explained,
  chats,
}: {
  readonly explained: Explained;
  readonly chats: readonly Chat[];
}) {
  return (
    <Stack>
      <Text>{explained.summary}</Text>
      {explained.items.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Item</Table.Th>
              <Table.Th>Reason</Table.Th>
              <Table.Th ta="right">Adds</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {explained.items.map((item) => (
              <Table.Tr key={`${item.kind} ${item.of}`}>
                <Table.Td>{nameOf(item, chats)}</Table.Td>
                <Table.Td>{item.because}</Table.Td>
                <Table.Td ta="right">{item.adds}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th colSpan={2}>Badge</Table.Th>
              <Table.Th ta="right">{explained.badge ?? 'none'}</Table.Th>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      )}
    </Stack>
  );
}

function nameOf({ kind, of }: Explained['items'][number], chats: readonly Chat[]): string {
  if (kind === 'announcements') return 'Announcements';
  if (kind === 'external') return of === '' ? 'External count' : `External count “${of}”`;
  return chats.find(({ id }) => id === resourceId(of))?.title ?? of;
}
