/** The calls behind the clicks, newest first, each to be opened, and copied as a line for a shell. */
import { Anchor, Button, Code, Group, Paper, ScrollArea, Text, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment } from 'react';
import { Link } from 'wouter';
import { CopyButton } from '../parts/copy_button.js';
import classes from './call_list.module.css';
import { type CallLog, type LoggedCall, useCalls } from './call_log.js';
import { curl } from './curl.js';

export function CallList({ log, app }: { readonly log: CallLog; readonly app: string }) {
  const calls = useCalls(log);
  return (
    <Paper withBorder component="section" aria-labelledby="calls" className={classes.panel ?? ''}>
      <Group justify="space-between" px="md" pt="sm" pb={4}>
        <Title order={2} size="h5" id="calls">
          HTTP calls
        </Title>
        <Button
          variant="subtle"
          size="compact-xs"
          color="gray"
          onClick={log.clear}
          disabled={calls.length === 0}
        >
          Clear
        </Button>
      </Group>
      <Text size="xs" c="dimmed" px="md" pb="sm">
        What each click sends. Copied as curl, they want a token in <Code>$TOKEN</Code>: the first start
        printed the demo app’s, and there are more under{' '}
        <Anchor
          component={Link}
          href={`/apps/${encodeURIComponent(app)}/tokens`}
          size="xs"
          underline="always"
        >
          tokens
        </Anchor>
        .
      </Text>
      <ScrollArea.Autosize
        mah={390}
        className={classes.scroll ?? ''}
        viewportProps={{ tabIndex: 0, 'aria-label': 'Calls' }}
      >
        {calls.length === 0 && (
          <Text size="sm" p="md" c="dimmed">
            Send a message: its call appears here.
          </Text>
        )}
        <ol className={classes.calls}>
          {calls.map((call) => (
            <CallRow key={call.id} call={call} />
          ))}
        </ol>
      </ScrollArea.Autosize>
    </Paper>
  );
}

function CallRow({ call }: { readonly call: LoggedCall }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const { method, url, why, answered } = call;
  return (
    <li className={classes.call}>
      <div className={classes.line}>
        <UnstyledButton className={classes.summary ?? ''} onClick={toggle} aria-expanded={isOpen}>
          <IconChevronRight size={14} className={classes.chevron} aria-hidden />
          <span className={classes.what}>
            <span className={classes.why}>
              {why}
              <span className={classes.outcome} data-failed={isFailure(call) || undefined}>
                {outcomeOf(call)}
              </span>
            </span>
            <span className={classes.request}>
              <b>{method}</b> <Breakable path={shortened(url)} />
            </span>
          </span>
        </UnstyledButton>
        <CopyButton text={curl(call)} what="as curl" />
      </div>
      {isOpen && (
        <div className={classes.details}>
          <Code block className={classes.code ?? ''}>
            {curl(call)}
          </Code>
          <Text size="xs" fw={600}>
            {answered?.text === undefined ? 'Answer' : `Answer, ${answered.status}`}
          </Text>
          <Code block className={classes.code ?? ''}>
            {answerOf(call)}
          </Code>
        </div>
      )}
    </li>
  );
}

/** Broken where a path has its joints. */
function Breakable({ path }: { readonly path: string }) {
  const parts = path.split(/(?<=[/?])/);
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a path that was sent stay where they are.
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}

/** Without what is the same in all of them, and with as much of an id as tells one from another. */
function shortened(url: string): string {
  const { pathname, search } = new URL(url);
  const path = pathname
    .replace(/^\/apps\/[^/]+/, '')
    .replace(/([\da-f]{4})[\da-f]{4}(-[\da-f]{4}){3}-[\da-f]{12}/g, '$1…');
  return decoded(path + search);
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

const connections = { live: 'live', cut: 'reconnecting…', paused: 'paused' } as const;

function outcomeOf({ answered, connection }: LoggedCall): string {
  if (connection !== undefined) return connections[connection];
  if (answered === undefined || answered.text === undefined) return '…';
  return answered.status === 0 ? 'no answer' : `${answered.status} · ${answered.ms} ms`;
}

function isFailure({ answered, connection }: LoggedCall): boolean {
  if (connection !== undefined) return connection === 'cut';
  return answered !== undefined && (answered.status < 200 || answered.status > 299);
}

function answerOf({ answered }: LoggedCall): string {
  if (answered === undefined) return 'Not here yet.';
  if (answered.text === undefined) return 'A stream: the badge now, and again after each change.';
  if (answered.text === '') return 'Empty: the status says it all.';
  try {
    return JSON.stringify(JSON.parse(answered.text), null, 2);
  } catch {
    return answered.text;
  }
}
