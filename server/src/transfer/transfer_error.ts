/** Why data cannot be moved, as a sentence that says what to do. */
export class TransferError extends Error {
  override name = 'TransferError';
}
