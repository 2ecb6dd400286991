/** The users that a push or a change of badges is for. Ids are those that the app chose. */
export type Audience =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'users'; readonly users: readonly string[] }
  /** The current participants. */
  | { readonly kind: 'conversation'; readonly conversation: string }
  /** Users for whom the message is unread now, and whose notification level lets it through. */
  | { readonly kind: 'message'; readonly conversation: string; readonly position: number }
  /** Users for whom the announcement is unread now. */
  | { readonly kind: 'announcement'; readonly announcement: string };
