/**
 * How one app could be split over nodes when it outgrows the memory of one: every node applies the whole log, and keeps only
 * its part of the users. Compares each user's badge with that of a whole machine, and the memory of both.
 */
import type { Event, Machine } from '@badged/core';
import type { Benchmark, Options } from '../benchmark.js';
import { figure, table } from '../measure/text.js';
import { makeLog, newMachine } from './made_log.js';
import { Part } from './part_of.js';

const now = Number.MAX_SAFE_INTEGER;
const settings = { mode: 'unread_messages', includeAnnouncements: true } as const;

export const split: Benchmark = {
  name: 'split',
  summary: 'one app split over nodes by its users: the same badges, and the memory of each part',
  options: '--participations (1000000)',
  run: async ({ participations = 1_000_000 }: Options) => {
    const { machine, events, users } = makeLog(participations);
    console.log(`${figure(users.length)} users, ${figure(events.length)} events\n`);
    const whole = built(events, (event) => event);
    const rows = [row('whole', whole, whole.bytes, events.length)];
    for (const parts of [2, 4, 8]) {
      let differences = 0;
      let compared = 0;
      let largest: Built | undefined;
      for (let index = 0; index < parts; index += 1) {
        const part = new Part(index, parts);
        const one = built(events, (event) => part.eventOf(event));
        if (largest === undefined || one.bytes > largest.bytes) largest = one;
        for (const user of users) {
          if (!part.has(machine.state.users.number(user))) continue;
          compared += 1;
          if (badgeOf(machine, user) !== badgeOf(one.machine, user)) differences += 1;
        }
      }
      if (largest !== undefined) rows.push(row(`1 of ${parts}`, largest, whole.bytes, events.length));
      console.log(
        `${parts} parts: ${figure(compared)} badges compared with the whole machine's, ${differences} differ`,
      );
    }
    const heading = [
      'what a node keeps',
      'participations',
      'memory, MiB',
      'of the whole',
      'applying an event, µs',
    ];
    console.log(`\n${table([heading, ...rows])}`);
  },
};

interface Built {
  readonly machine: Machine;
  readonly bytes: number;
  readonly ms: number;
}

function built(events: readonly Event[], of: (event: Event) => Event | undefined): Built {
  const before = usedBytes();
  const machine = newMachine();
  const begun = performance.now();
  for (const [index, event] of events.entries()) {
    const own = of(event);
    if (own !== undefined) machine.apply(own, index + 1);
  }
  const ms = performance.now() - begun;
  // A checkpoint takes what changed; it is no part of the state.
  machine.state.takeChanged();
  return { machine, bytes: usedBytes() - before, ms };
}

function usedBytes(): number {
  global.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function badgeOf(machine: Machine, user: string): string {
  return JSON.stringify(machine.ask<'badge'>({ type: 'badge', user, now }, settings).result);
}

function row(name: string, { machine, bytes, ms }: Built, whole: number, events: number): string[] {
  const { count } = machine.state.participations;
  const micros = figure((ms * 1_000) / events);
  return [name, figure(count), figure(bytes / 2 ** 20), figure(bytes / whole), micros];
}
