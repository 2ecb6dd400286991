/**
 * What a phone needs to know, as the link that the dashboard makes has it: in the fragment, which browsers send to no
 * server, so that no log has the token.
 */
export interface PhoneLink {
  readonly app: string;
  readonly user: string;
  /** Of the user. */
  readonly token: string;
  /** The app's VAPID public key. */
  readonly key: string;
}

/** `address` is where the phone finds the server. */
export function phoneUrl(address: string, link: PhoneLink): string {
  return `${address.replace(/\/+$/, '')}/phone#${phoneFragment(link)}`;
}

export function phoneFragment({ app, user, token, key }: PhoneLink): string {
  return `${new URLSearchParams({ app, user, token, key })}`;
}

/** Of a whole link, or of its fragment; undefined if something is missing. */
export function parsePhoneLink(text: string): PhoneLink | undefined {
  const fields = new URLSearchParams(text.slice(text.indexOf('#') + 1));
  const [app, user, token, key] = ['app', 'user', 'token', 'key'].map((name) => fields.get(name) ?? '');
  return app && user && token && key ? { app, user, token, key } : undefined;
}
