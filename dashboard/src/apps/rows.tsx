/** A list of rows: a table, or cards on a narrow screen. */
import { DataList, Group, Paper, Stack, Table, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './rows.module.css';

interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
}

interface RowsProps<Row> {
  /** The label of the list for screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The column that names a row. */
  readonly title: Column<Row>;
  readonly columns: readonly Column<Row>[];
  readonly actions: (row: Row) => ReactNode;
}

export function Rows<Row>(props: RowsProps<Row>) {
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  return isWide ? <AsTable {...props} /> : <AsCards {...props} />;
}

function AsTable<Row>({ label, rows, keyOf, title, columns, actions }: RowsProps<Row>) {
  return (
    <Paper withBorder className={classes.table}>
      <Table aria-label={label} verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            {[title, ...columns].map(({ name }) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              <Table.Td fw={600}>{title.cell(row)}</Table.Td>
              {columns.map(({ name, cell }) => (
                <Table.Td key={name}>{cell(row)}</Table.Td>
              ))}
              <Table.Td>
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  {actions(row)}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function AsCards<Row>({ label, rows, keyOf, title, columns, actions }: RowsProps<Row>) {
  return (
    <Stack component="ul" gap="sm" className={classes.cards ?? ''} aria-label={label}>
      {rows.map((row) => (
        <Paper component="li" withBorder p="md" key={keyOf(row)}>
          <Stack gap="sm">
            <div className={classes.title}>{title.cell(row)}</div>
            <DataList gap={6} labelWidth="90px">
              {columns.map(({ name, cell }) => (
                <DataList.Item key={name}>
                  <DataList.ItemLabel>{name}</DataList.ItemLabel>
                  <DataList.ItemValue>{cell(row)}</DataList.ItemValue>
                </DataList.Item>
              ))}
            </DataList>
            <Group gap="xs">{actions(row)}</Group>
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}
