/**
 * Who talks to whom in the comparison with rivals: the same conversations, messages and requests for every side. A
 * function of nothing, so that each process makes its own.
 */
import type { LoadRequest } from '../load/load.js';
import { messageBody } from '../load/world.js';

export interface Room {
  readonly id: string;
  /** The first one sends. */
  readonly participants: readonly string[];
}

/** How many participants a message is sent to, and in how many conversations. */
export const roomCounts = new Map([
  [2, 1_000],
  [10, 1_000],
  [100, 100],
  [1_000, 10],
  [10_000, 1],
]);

const people = 10_000;
/** Every user of 10 conversations has their own; one user takes part in all of them. */
const readRoomCount = 7_000;
const fewReaders = 100;
const roomsOfFew = 10;

/** Before anything is measured, each conversation that is read has this many unread messages. */
export const unreadMessages = 10;

export function rooms(size: number): Room[] {
  return Array.from({ length: roomCounts.get(size) ?? 0 }, (_, room) => ({
    id: `to-${size}-${room}`,
    participants: Array.from({ length: size }, (_, index) => `person-${(room * size + index) % people}`),
  }));
}

export const allRooms = () => [...roomCounts.keys()].flatMap(rooms);

export function readRooms(): Room[] {
  return Array.from({ length: readRoomCount }, (_, room) => {
    const few = room < fewReaders * roomsOfFew ? [`few-${Math.floor(room / roomsOfFew)}`] : [];
    return { id: `read-${room}`, participants: ['writer', 'many', ...few] };
  });
}

/** `base` is the path of the app, such as /apps/ID. */
export function messagesTo(base: string, to: readonly Room[]): LoadRequest[] {
  return to.map(({ id, participants: [sender = ''] }) => ({
    method: 'POST',
    path: `${base}/conversations/${id}/messages`,
    body: messageBody(sender),
  }));
}

export function badgesOverFew(base: string): LoadRequest[] {
  return Array.from({ length: fewReaders }, (_, reader) => badge(base, `few-${reader}`));
}

export function badgeOverMany(base: string): LoadRequest[] {
  return [badge(base, 'many')];
}

function badge(base: string, user: string): LoadRequest {
  return { method: 'GET', path: `${base}/users/${user}/badge` };
}
