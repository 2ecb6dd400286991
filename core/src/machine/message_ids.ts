/** The ids of messages whose callers chose none: they contain conversation and position, so they need no index. */
export interface MessageIds {
  make(conversation: number, position: number): string;
  /** Undefined for an id that was not made for this app. */
  parse(id: string): { readonly conversation: number; readonly position: number } | undefined;
}
