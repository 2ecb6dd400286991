/**
 * Keeps the menu where a page cannot be shown: its code did not come, because the server is away or has another
 * version by now, or it has a fault of its own.
 */
import { Button, Group, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Page } from '../parts/page.js';

interface State {
  readonly failed: boolean;
}

interface Props {
  /** Of the page: another one may well be shown. */
  readonly address: string;
  readonly children: ReactNode;
}

/** React has no other way to catch what a component throws than a class. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override componentDidUpdate({ address }: Props): void {
    if (this.state.failed && address !== this.props.address) this.setState({ failed: false });
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  return (
    <Page title="This page could not be shown">
      <Text maw={560}>
        The server did not answer, or has another version than this page by now. Loading it all again helps,
        once the server is there.
      </Text>
      <Group>
        <Button onClick={() => location.reload()}>Try again</Button>
      </Group>
    </Page>
  );
}
