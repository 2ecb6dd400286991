/** A window over the page, for what is asked or shown before anything else goes on. */
import { Modal, type ModalProps } from '@mantine/core';
import classes from './window.module.css';

export function Window(props: ModalProps) {
  return <Modal classNames={{ title: classes.title ?? '' }} {...props} />;
}
