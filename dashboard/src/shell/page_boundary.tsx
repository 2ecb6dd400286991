/** Shows an error in place of a page that failed, because its code did not load or has a bug. The menu stays. */
import { Button, Group, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Page } from '../parts/page.js';

interface State {
  readonly failed: boolean;
}

interface Props {
  /** The page's path. The error is cleared when it changes. */
  readonly address: string;
  readonly children: ReactNode;
}

/** A class, because React has no other error boundary. */
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
        The server did not respond, or has a newer version than this page. Reload the page once the server is
        running.
      </Text>
      <Group>
        <Button onClick={() => location.reload()}>Try again</Button>
      </Group>
    </Page>
  );
}
