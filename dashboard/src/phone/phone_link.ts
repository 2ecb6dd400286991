/** The link from the dashboard to the phone page. Its data is in the fragment, so that no server log has the token. */
export interface PhoneLink {
  readonly app: string;
  readonly user: string;
  /** The user's token. */
  readonly token: string;
  /** The app's VAPID public key. */
  readonly key: string;
}

/** `address` is the server's URL, as the phone reaches it. */
export function phoneUrl(address: string, link: PhoneLink): string {
  return `${address.replace(/\/+$/, '')}/phone#${phoneFragment(link)}`;
}

export function phoneFragment({ app, user, token, key }: PhoneLink): string {
  return `${new URLSearchParams({ app, user, token, key })}`;
}

/** Parses a link or its fragment; undefined if a part is missing. */
export function parsePhoneLink(text: string): PhoneLink | undefined {
  const fields = new URLSearchParams(text.slice(text.indexOf('#') + 1));
  const [app, user, token, key] = ['app', 'user', 'token', 'key'].map((name) => fields.get(name) ?? '');
  return app && user && token && key ? { app, user, token, key } : undefined;
}
