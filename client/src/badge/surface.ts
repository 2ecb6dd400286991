/** A place where a page can show its user's number. */
export interface Surface {
  /** 0 shows nothing. */
  show(count: number): void;
  /** Gives the place back to the page, as the page has it. */
  restore(): void;
}
