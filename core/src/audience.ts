/** Who something is for: a push, or a change of badges. Ids are those that the app gave. */
export type Audience =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'users'; readonly users: readonly string[] }
  /** Those who take part now. */
  | { readonly kind: 'conversation'; readonly conversation: string }
  /** Those for whom the message is unread now, and whose notification level lets it through. */
  | { readonly kind: 'message'; readonly conversation: string; readonly position: number }
  /** Those for whom the announcement is unread now. */
  | { readonly kind: 'announcement'; readonly announcement: string };
