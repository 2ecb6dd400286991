/** A loading indicator. */
import { Center, Loader } from '@mantine/core';

export function Loading() {
  return (
    <Center h={300}>
      <Loader aria-label="Loading" />
    </Center>
  );
}
