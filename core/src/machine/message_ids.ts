/** The ids of messages whose callers chose none: they carry conversation and position, so none is looked up. */
export interface MessageIds {
  make(conversation: number, position: number): string;
  /** Undefined for an id that this app did not make. */
  parse(id: string): { readonly conversation: number; readonly position: number } | undefined;
}
