// The vendor's own SDK, unmodified, and ours make the same calls against the same double: the requests that arrive and
// the results that programs get are compared.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ours from '../../src/platform/index.js';
import { type PlatformDouble, type RecordedRequest, startPlatformDouble } from './double/platform_double.js';

/** As much of either SDK as both have. The vendor's declarations are of another shape, its behaviour is not. */
interface Sdk {
  readonly ApiClient: { readonly instance: Client };
  readonly NotificationsApi: new () => Notifications;
  readonly TokensApi: new () => { getTokensMe(): Promise<unknown> };
  readonly UsersApi: new () => { getUsersMe(opts?: object): Promise<unknown> };
}

interface Notifications {
  getNotificationsAvailabletopics(): Promise<unknown>;
  postNotificationsChannels(): Promise<unknown>;
  getNotificationsChannelSubscriptions(id: string): Promise<unknown>;
  postNotificationsChannelSubscriptions(id: string, topics: readonly Topic[]): Promise<unknown>;
  putNotificationsChannelSubscriptions(id: string, topics: readonly Topic[], opts?: object): Promise<unknown>;
  deleteNotificationsChannelSubscriptions(id: string): Promise<unknown>;
}

interface Topic {
  readonly id: string;
}

interface Client {
  setGateway(gateway: { protocol: string; host: string; port: number }): void;
  setAccessToken(token: string): void;
  setReturnExtendedResponses(extended: boolean): void;
  loginClientCredentialsGrant(id: string, secret: string): Promise<{ accessToken: string }>;
  callApi(...given: readonly unknown[]): Promise<unknown>;
}

const vendors: Sdk = createRequire(import.meta.url)('purecloud-platform-client-v2');
const SDKS: readonly Sdk[] = [vendors, ours];
const AUTH = ['PureCloud OAuth'];
const JSON_TYPE = ['application/json'];

describe('the platformClient beside the SDK of the vendor', () => {
  let double: PlatformDouble;
  beforeAll(async () => {
    double = await startPlatformDouble([]);
    for (const sdk of SDKS) {
      sdk.ApiClient.instance.setGateway({ protocol: 'http', host: '127.0.0.1', port: double.port });
    }
  });
  afterAll(() => double.close());

  const bothOf = async (program: (sdk: Sdk) => Promise<unknown>) => {
    const outcomes = [];
    for (const sdk of SDKS) {
      sdk.ApiClient.instance.setAccessToken(double.accessToken);
      const before = double.requests.length;
      const result = await program(sdk).then(
        (resolved) => ({ resolved }),
        (rejected: Record<string, unknown>) => ({ rejected: fieldsOfError(rejected) }),
      );
      outcomes.push({ result, requests: double.requests.slice(before).map(whatWasAsked) });
    }
    return outcomes;
  };

  const get =
    (path: string, query: object = {}, pathParams: object = {}) =>
    (sdk: Sdk) =>
      sdk.ApiClient.instance.callApi(
        path,
        'GET',
        pathParams,
        query,
        {},
        {},
        null,
        AUTH,
        JSON_TYPE,
        JSON_TYPE,
      );

  it.each([
    ['a listing', get('/api/v2/badges/chats')],
    ['a page of a listing', get('/api/v2/badges/chats', { pageSize: 2, pageNumber: 2 })],
    ['a parameter that is undefined', get('/api/v2/badges/chats', { pageSize: 2, pageNumber: undefined })],
    ['a page size of 0', get('/api/v2/badges/chats', { pageSize: 0 })],
    ['a page size that is text', get('/api/v2/badges/chats', { pageSize: 'ten & more' })],
    ['an address that does not exist', get('/api/v2/nothing/{here}', {}, { here: 'a/b c?#ü@\u{1f41d}' })],
    ['a placeholder without a value', get('/api/v2/nothing/{here}')],
    ['tokens/me', (sdk: Sdk) => new sdk.TokensApi().getTokensMe()],
    ['users/me', (sdk: Sdk) => new sdk.UsersApi().getUsersMe()],
  ])('makes the same of %s', async (_what, program) => {
    const [theirs, own] = await bothOf(program);
    expect(own).toEqual(theirs);
    expect(own?.requests).toHaveLength(1);
  });

  it('makes the same of every method of NotificationsApi', async () => {
    const [theirs, own] = await bothOf(async (sdk) => {
      const notifications = new sdk.NotificationsApi();
      const answers = [await notifications.getNotificationsAvailabletopics()];
      const { id } = JSON.parse(JSON.stringify(await notifications.postNotificationsChannels()));
      const topics = [{ id: `v2.users.${double.userId}.badges.chats` }];
      answers.push(await notifications.postNotificationsChannelSubscriptions(id, topics));
      answers.push(
        await notifications.putNotificationsChannelSubscriptions(id, topics, { ignoreErrors: true }),
      );
      answers.push(await notifications.getNotificationsChannelSubscriptions(id));
      answers.push(await notifications.deleteNotificationsChannelSubscriptions(id));
      // For no content, the vendor's SDK gives an empty string or nothing, depending on where it runs.
      return answers.map((answer) => answer || undefined);
    });
    expect(own).toEqual(theirs);
    expect(own?.requests).toHaveLength(6);
  });

  it('resolves to the same when extended responses are asked for', async () => {
    const [theirs, own] = await bothOf(async (sdk) => {
      const client = sdk.ApiClient.instance;
      client.setReturnExtendedResponses(true);
      try {
        const [good, bad] = [get('/api/v2/users/me'), get('/api/v2/badges/chats', { pageSize: -1 })];
        const failed = await bad(sdk).catch((failure: unknown) => failure);
        return [await good(sdk), failed].map((answer) => withoutTransport(answer));
      } finally {
        client.setReturnExtendedResponses(false);
      }
    });
    expect(own).toEqual(theirs);
  });

  it('logs in with client credentials by the same request', async () => {
    const { id, secret } = double.confidentialClient;
    const [theirs, own] = await bothOf(async (sdk) => {
      const auth = await sdk.ApiClient.instance.loginClientCredentialsGrant(id, secret);
      return auth.accessToken.length;
    });
    expect(own).toEqual(theirs);
  });
});

function whatWasAsked({ method, url, body, status }: RecordedRequest): unknown {
  const withoutIds = url.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, '{uuid}');
  return { method, url: withoutIds.replaceAll('%20', '+'), body, status };
}

/** Ids of requests differ from call to call; a message is not enumerable in ours, which is an Error. */
function fieldsOfError(error: Record<string, unknown>): unknown {
  const { message, code, status, details, errors } = error;
  return { message, code, status, details, errors };
}

/** axios keeps no text and has a class of its own for headers and errors. */
function withoutTransport(answer: unknown): unknown {
  const { status, statusText, headers, body, error } = JSON.parse(JSON.stringify(answer));
  const { contextId: _differs, ...rest } = body;
  return { status, statusText, type: headers['content-type'], body: rest, failed: error !== null };
}
