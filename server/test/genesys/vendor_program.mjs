/**
 * A program on the vendor's SDK, as it comes from npm: signs in with client credentials, lists and clears chat
 * badges, and hears of changes over a notification channel. Prints one JSON object of what it saw.
 */
import platformClient from 'purecloud-platform-client-v2';
import { WebSocket } from 'ws';

const { environment, clientId, clientSecret, userToken, app, appToken, conversation } = JSON.parse(
  process.argv[2],
);
const client = platformClient.ApiClient.instance;
client.setEnvironment(environment);
const seen = {};

/** As the SDK's generated methods do it. */
const callApi = (path, method, pathParams = {}, queryParams = {}) =>
  client.callApi(
    path,
    method,
    pathParams,
    queryParams,
    {},
    {},
    null,
    ['PureCloud OAuth'],
    ['application/json'],
    ['application/json'],
  );
const badges = () => callApi('/api/v2/badges/chats', 'GET', {}, { pageSize: 25, pageNumber: 1 });

/** As the app's backend. */
async function inApp(method, path, body) {
  const answer = await fetch(`https://api.${environment}/apps/${app}${path}`, {
    method,
    headers: { authorization: `Bearer ${appToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
const send = () =>
  inApp('POST', `/conversations/${conversation}/messages`, {
    sender: { user_id: 'bob' },
    parts: [{ body: 'hello', mime_type: 'text/plain' }],
  });

await client.loginClientCredentialsGrant(clientId, clientSecret);
seen.me = (await new platformClient.TokensApi().getTokensMe()).OAuthClient.id;
seen.user = (await new platformClient.UsersApi().getUsersMe()).chat.jabberId;

await send();
const listing = await badges();
seen.listed = listing.entities.map(({ entity, unreadCount }) => [entity.jabberId, unreadCount]);
await callApi('/api/v2/badges/chats/{jabberId}', 'DELETE', { jabberId: listing.entities[0].entity.jabberId });
seen.afterClearing = (await badges()).total;
seen.wrong = await callApi('/api/v2/badges/chats/{jabberId}', 'DELETE', { jabberId: 'x@' }).catch(
  ({ status, code }) => [status, code],
);

const notifications = new platformClient.NotificationsApi();
seen.topics = (await notifications.getNotificationsAvailabletopics()).entities.map(({ id }) => id);
const channel = await notifications.postNotificationsChannels();
const { id: userId } = await new platformClient.UsersApi().getUsersMe();
const topic = `v2.users.${userId}.badges.chats`;
await notifications.postNotificationsChannelSubscriptions(channel.id, [{ id: topic }]);
seen.subscribed = (await notifications.getNotificationsChannelSubscriptions(channel.id)).entities;
const socket = new WebSocket(channel.connectUri);
const counts = [];
const awaited = new Map();
const told = (count) => new Promise((resolve) => awaited.set(count, resolve));
socket.on('message', (data) => {
  const { topicName, eventBody } = JSON.parse(data);
  if (topicName !== topic) return;
  counts.push(eventBody.unreadCount);
  awaited.get(eventBody.unreadCount)?.();
});
await new Promise((resolve) => socket.on('open', resolve));
const [one, none] = [told(1), told(0)];
await new Promise((resolve) => {
  socket.once('message', resolve);
  socket.send(JSON.stringify({ message: 'ping' }));
});
await send();
await one;
await inApp('POST', `/users/alice/conversations/${conversation}/mark_all_read`, {});
await none;
seen.events = counts;

client.setAccessToken(userToken);
seen.asUserToken = (await new platformClient.UsersApi().getUsersMe()).id;
client.setAccessToken('wrong');
seen.unauthenticated = await badges().catch(({ status }) => status);

const cut = new Promise((resolve) => socket.on('close', resolve));
await client.loginClientCredentialsGrant(clientId, clientSecret);
await new platformClient.TokensApi().deleteTokensMe();
seen.revoked = await badges().catch(({ status }) => status);
socket.close();
await cut;
console.log(JSON.stringify(seen));
