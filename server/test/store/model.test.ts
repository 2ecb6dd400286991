/** The model-based suite passes where nothing is wrong, and finds out stores with which something is. */
import { describe, expect, test } from 'vitest';
import { type Fault, reopenableStore } from './model/faulty_store.js';
import { findDifference, modelSuite } from './model.js';

modelSuite('a second reference', async () => reopenableStore(), { runs: 10, commandsPerRun: 80 });

describe('the model-based suite finds out a store that', () => {
  const faults: Readonly<Record<string, Fault>> = {
    'ignores every third receipt': {
      after(state, type, count) {
        if (type !== 'read_message' || count % 3 !== 0) return;
        for (const { participants } of state.conversations) {
          for (const each of participants) each.read.clear();
        }
      },
    },
    'counts own messages': {
      after(state, type) {
        if (type !== 'send_message') return;
        for (const conversation of state.conversations) {
          const sent = conversation.messages.pop();
          if (!sent) continue;
          const { sender } = sent;
          const name = 'userId' in sender ? sender.userId : sender.name;
          conversation.messages.push({ ...sent, sender: { name } });
        }
      },
    },
    'brings deleted messages back when the conversation changes': {
      after(state, type) {
        if (type !== 'change_conversation') return;
        for (const { messages } of state.conversations)
          for (const message of messages) message.deleted = false;
      },
    },
    'keeps what was read when somebody comes back': {
      after(state, type) {
        if (type !== 'change_conversation') return;
        for (const conversation of state.conversations) {
          conversation.participants = conversation.participants.map((each) => ({ ...each, joined: 0 }));
        }
      },
    },
    'unmutes a moment too late': { clock: (now) => now - 1 },
    'forgets announcements when it is opened again': {
      onReopening: (state) => void state.announcements.pop(),
    },
    'forgets devices when it is opened again': {
      onReopening(state) {
        state.push.devices = [];
      },
    },
    'forgets alerts when it is opened again': {
      onReopening: (state) => void state.push.alerts.pop(),
    },
    'believes that a device shows 0 of which nothing is known': {
      after(state) {
        for (const each of state.push.devices) each.accepted ??= 0;
      },
    },
    'forgets levels when it is opened again': {
      onReopening(state) {
        for (const { participants } of state.conversations)
          for (const each of participants) each.level = 'all';
      },
    },
  };

  /** The seed of the others finds it late. */
  const seeds: Readonly<Record<string, number>> = { 'unmutes a moment too late': 3 };

  for (const [name, fault] of Object.entries(faults)) {
    test(name, async () => {
      const options = { runs: 300, commandsPerRun: 80, seed: seeds[name] ?? 20_260, asFound: true };
      const failure = await findDifference(async () => reopenableStore(fault), options);
      expect(failure?.report).toMatch(/the reference (says|has)|come to/);
    });
  }
});

test('a failure of the model-based suite is found again from its seed and path', async () => {
  const factory = async () => reopenableStore({ onReopening: (state) => void state.announcements.pop() });
  // Short sequences: most of the time goes into making the failure smaller.
  const options = { runs: 300, commandsPerRun: 20 };
  const failure = await findDifference(factory, { ...options, seed: 1 });
  if (!failure) throw new Error('no failure was found');
  const { seed, path } = failure;
  expect(path).toContain(':');
  const again = await findDifference(factory, { ...options, runs: 1, seed, path });
  expect(again).toMatchObject({ seed, path });
});
