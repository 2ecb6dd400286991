/** A place where a page shows its user's number. */
export interface Surface {
  /** 0 shows nothing. */
  show(count: number): void;
  /** Restores the page's own content. */
  restore(): void;
}
