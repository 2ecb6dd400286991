/** Creates the phone's link, and the app's Web Push keys if it has none. */
import type { PhoneLink } from '../phone/phone_link.js';
import { api } from '../server/api.js';
import { conversationOf, type PhoneUser, tokenSeconds } from './phone_user.js';

export type Made = { readonly link: PhoneLink; readonly expiresAt: number } | 'needs_keys';

export async function makeLink(phone: PhoneUser): Promise<Made> {
  const { app, user } = phone;
  const key = await publicKey(app);
  if (key === undefined) return 'needs_keys';
  await conversationOf(phone);
  const { access_token: token, expires_in } = await api.createUserToken({
    app_uuid: app,
    user_id: user,
    expires_in: tokenSeconds,
  });
  return { link: { app, user, token, key }, expiresAt: Date.now() + expires_in * 1_000 };
}

/** `contact` is an e-mail address or a URL, at which push services report problems. */
export async function makeKeys(app: string, contact: string, page: string): Promise<void> {
  const subject = /^(https|mailto):/.test(contact) ? contact : `mailto:${contact}`;
  await api.setWebpushCredentials({ app_id: app, subject, navigate: page });
}

/** Undefined if the app has none. Checks the setup first, because browsers log a 404 response as an error. */
async function publicKey(app: string): Promise<string | undefined> {
  const { push } = await api.getAppSetup({ app_id: app });
  return push.includes('webpush') ? (await api.getWebpushCredentials({ app_id: app })).public_key : undefined;
}
