// What a push says, from the service's declarative body or from a browser that has read that itself.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePush, pushMessage } from '../../src/worker/push_message.js';

const body = (message: object) => JSON.stringify({ web_push: 8030, mutable: true, ...message });

describe('a push', () => {
  it('says what the service wrote', () => {
    const notification = { title: 'Alice', body: 'Hi', navigate: '/chat', tag: 'c', data: { a: 1 } };
    expect(parsePush(body({ notification, app_badge: '3' }))).toEqual({ ...notification, badge: 3 });
    expect(parsePush(body({ notification: { title: 'Hi' } }))).toEqual({ title: 'Hi' });
  });

  it('promise 2: omitted, 0 and a number are three different badges, wherever and however they are written', () => {
    const badges = [
      body({ notification: { title: 'x' } }),
      body({ notification: { title: 'x' }, app_badge: '0' }),
      body({ notification: { title: 'x', app_badge: '7' } }),
      body({ notification: { title: 'x' }, app_badge: 7 }),
      body({ notification: { title: 'x' }, app_badge: '-1' }),
      body({ notification: { title: 'x' }, app_badge: '' }),
    ].map((text) => parsePush(text)?.badge);
    expect(badges).toEqual([undefined, 0, 7, 7, undefined, undefined]);
  });

  it('is read from the event where the browser has read it itself, whose properties are accessors', () => {
    class Notification {
      get title() {
        return 'Alice';
      }
      get navigate() {
        return 'https://chat.example.com/';
      }
    }
    const event = { waitUntil() {}, data: null, notification: new Notification(), appBadge: 0 };
    expect(pushMessage(event)).toEqual({ title: 'Alice', navigate: 'https://chat.example.com/', badge: 0 });
    expect(pushMessage({ waitUntil() {}, data: null })).toBeUndefined();
  });

  it('is nothing where there is no title to show, or it is no push of this kind', () => {
    for (const text of ['', 'hello', '[]', '{}', body({}), body({ notification: { title: '' } })])
      expect(parsePush(text)).toBeUndefined();
    expect(parsePush(JSON.stringify({ notification: { title: 'x' } }))).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => body({ notification: value })),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const message = parsePush(text);
        expect(message === undefined || message.title.length > 0).toBe(true);
      }),
    );
  });
});
