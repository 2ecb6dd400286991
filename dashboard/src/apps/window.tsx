/** A window over the page, for what is asked or shown before anything else goes on. */
import { Modal, type ModalProps } from '@mantine/core';
import { styleNonce } from '../theme.js';
import classes from './window.module.css';

// What keeps the page behind from scrolling writes a style, and takes its nonce from here.
Reflect.set(globalThis, '__webpack_nonce__', styleNonce());

export function Window(props: ModalProps) {
  return (
    <Modal
      classNames={{ title: classes.title ?? '' }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      {...props}
    />
  );
}
