/** A large request is served in stages: the loop turns between them, and other requests are served. */
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openWorld, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.inApp('POST', '/conversations', { body: { id: 'room', participants: ['ann', 'ben'] } });
});
afterAll(() => world.close());

/** How often the loop turns until the response to a message with a text of this length. */
async function turns(length: number): Promise<number> {
  let count = 0;
  let isOver = false;
  const next = () => {
    if (isOver) return;
    count += 1;
    setImmediate(next);
  };
  setImmediate(next);
  const body = { sender: { user_id: 'ann' }, parts: text('x'.repeat(length)) };
  const response = await world.inApp('POST', '/conversations/room/messages', { body });
  isOver = true;
  expect(response.statusCode).toBe(201);
  expect(response.json().parts[0].body).toHaveLength(length);
  return count;
}

test('the loop turns between checking, parsing, validating, executing and writing the response of a large request', async () => {
  // Each stage takes longer than a slice.
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 10;
    return now;
  });
  onTestFinished(() => clock.mockRestore());
  await turns(10);
  const small = await turns(10);
  const large = await turns(100_000);
  expect(large - small).toBeGreaterThanOrEqual(4);
});

test('a large response is what a small one is, but for its length', async () => {
  const send = (length: number) => {
    const parts = [...text('x'.repeat(length)), { body: '"é" \ud800', mime_type: 'text/plain', more: 1 }];
    return world.inApp('POST', '/conversations/room/messages', {
      body: { sender: { user_id: 'ann' }, parts },
    });
  };
  const [small, large] = [await send(10), await send(100_000)];
  expect(large.headers['content-type']).toBe(small.headers['content-type']);
  expect(Number(large.headers['content-length'])).toBe(large.rawPayload.length);
  const shape = ({ id, url, position, sent_at, parts, ...rest }: Record<string, unknown>) => ({
    ...rest,
    parts: Array.isArray(parts) ? parts.slice(1) : [],
  });
  expect(shape(large.json())).toEqual(shape(small.json()));
});
