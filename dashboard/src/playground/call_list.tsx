/** The log of calls, newest first. Each can be expanded, and copied as curl. */
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
        The calls behind each click. To run one as curl, set <Code>$TOKEN</Code> to a token of the app. The
        first start printed the demo app’s; create others under{' '}
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
            Send a message to see its call here.
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
  const { method, url, why, response } = call;
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
            {response?.text === undefined ? 'Response' : `Response ${response.status}`}
          </Text>
          <Code block className={classes.code ?? ''}>
            {responseText(call)}
          </Code>
        </div>
      )}
    </li>
  );
}

/** A path that may wrap after each / or ?. */
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

/** The path without the app, with shortened ids. */
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

function outcomeOf({ response, connection }: LoggedCall): string {
  if (connection !== undefined) return connections[connection];
  if (response === undefined || response.text === undefined) return '…';
  return response.status === 0 ? 'no response' : `${response.status} · ${response.ms} ms`;
}

function isFailure({ response, connection }: LoggedCall): boolean {
  if (connection !== undefined) return connection === 'cut';
  return response !== undefined && (response.status < 200 || response.status > 299);
}

function responseText({ response }: LoggedCall): string {
  if (response === undefined) return 'No response yet.';
  if (response.text === undefined) return 'A stream: the badge now, and after each change.';
  if (response.text === '') return 'The response has no body.';
  try {
    return JSON.stringify(JSON.parse(response.text), null, 2);
  } catch {
    return response.text;
  }
}
