/** An app in which something has happened, so that pages have something to show. */
import type { DashboardEnvironment } from './environment.js';

let said = 0;

/** Alice and erik talk where bob is; bob and alice read now and then. */
export async function talk(environment: DashboardEnvironment): Promise<void> {
  said += 1;
  const { app } = environment;
  const made = await environment.call('POST', `/apps/${app}/conversations`, {
    participants: ['alice', 'bob', 'erik'],
    distinct: true,
  });
  const conversation = String(Object(made).id).split('/').pop();
  await environment.call('POST', `/apps/${app}/conversations/${conversation}/messages`, {
    sender: { user_id: said % 3 === 0 ? 'erik' : 'alice' },
    parts: [{ body: 'Hello', mime_type: 'text/plain' }],
  });
  const reader = said % 7 === 0 ? 'bob' : said % 11 === 0 ? 'alice' : undefined;
  if (reader !== undefined)
    await environment.call(
      'POST',
      `/apps/${app}/users/${reader}/conversations/${conversation}/mark_all_read`,
    );
}

export async function makeLively(environment: DashboardEnvironment): Promise<void> {
  const { app } = environment;
  const post = (path: string, body: unknown) => environment.call('POST', `/apps/${app}${path}`, body);
  const rooms = [
    { title: 'Weekend', participants: ['alice', 'bob', 'carol', 'dora'], messages: 4 },
    { title: 'Invoices', participants: ['bob', 'dora'], messages: 2 },
    { title: 'Release 4.2', participants: ['alice', 'bob', 'erik'], messages: 11 },
  ];
  for (const { title, participants, messages } of rooms) {
    const made = Object(await post('/conversations', { participants, metadata: { title } }));
    const id = String(made.id).split('/').pop();
    for (let sent = 0; sent < messages; sent += 1) {
      const [, , last] = participants;
      const sender = { user_id: last ?? 'dora' };
      await post(`/conversations/${id}/messages`, {
        sender,
        parts: [{ body: 'Hello', mime_type: 'text/plain' }],
      });
    }
  }
  await post('/announcements', {
    recipients: ['bob', 'carol'],
    sender: { name: 'Example' },
    parts: [{ body: 'A new version is out.', mime_type: 'text/plain' }],
  });
  await environment.call('PUT', `/apps/${app}/users/bob/badge/external/tasks`, { count: 3 });
  const device = { apns_bundle_id: 'com.example.chat', type: 'apns' };
  await post('/users/bob/push_tokens', { ...device, device_id: 'bobs-phone', token: 'a1'.repeat(32) });
  await post('/users/bob/push_tokens', { type: 'fcm', device_id: 'bobs-tablet', token: 'f'.repeat(140) });
  await environment.call('POST', `/admin/apps/${app}/oauth_clients`, {
    name: 'Web client',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['https://app.example.com/signed-in'],
  });
}
