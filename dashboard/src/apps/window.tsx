/** A modal dialog. */
import { Modal, type ModalProps } from '@mantine/core';
import classes from './window.module.css';

export function Window(props: ModalProps) {
  return <Modal classNames={{ title: classes.title ?? '' }} {...props} />;
}
