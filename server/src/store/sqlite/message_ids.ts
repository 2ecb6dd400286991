/**
 * Message ids. Those made here are UUIDs of version 8 that carry conversation and position and 58 bits of a
 * keyed hash over both, so that a receipt needs no look-up and nobody can make one up. Those that callers
 * chose are in a table, and the newest of them, until a checkpoint wrote them there, in memory.
 */
import { createHmac } from 'node:crypto';
import type { MessageIds } from '@badged/core';
import type { Connection } from './database.js';

export function messageIds(key: Uint8Array, app: number): MessageIds {
  return {
    make(conversation, position) {
      const bytes = hash(key, app, conversation, position);
      bytes.writeUInt32BE(conversation, 0);
      bytes.writeUInt16BE(position >>> 16, 4);
      bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
      bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
      bytes.writeUInt16BE(position & 0xffff, 10);
      const hex = bytes.toString('hex', 0, 16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
    parse(id) {
      if (id.charAt(14) !== '8') return undefined;
      const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
      if (bytes.length !== 16) return undefined;
      const conversation = bytes.readUInt32BE(0);
      const position = bytes.readUInt16BE(4) * 0x10000 + bytes.readUInt16BE(10);
      return this.make(conversation, position) === id ? { conversation, position } : undefined;
    },
  };
}

function hash(key: Uint8Array, app: number, conversation: number, position: number): Buffer {
  return createHmac('sha256', key).update(`${app}/${conversation}/${position}`).digest();
}

/** Where the journal has the messages whose ids their callers chose. */
export class ChosenIds {
  readonly #select;
  readonly #insert;
  /** Not yet written; and being written by a checkpoint that has not ended. */
  #newest = new Map<string, number>();
  #writing = new Map<string, number>();

  constructor(connection: Connection) {
    this.#select = connection.prepare<[number, string], { seq: number }>(
      'select seq from message_ids where app = ? and id = ?',
    );
    this.#insert = connection.prepare<[number, string, number]>(
      'insert or replace into message_ids (app, id, seq) values (?, ?, ?)',
    );
  }

  find(app: number, id: string): number | undefined {
    const key = `${app}/${id}`;
    return this.#newest.get(key) ?? this.#writing.get(key) ?? this.#select.get(app, id)?.seq;
  }

  add(app: number, id: string, seq: number): void {
    this.#newest.set(`${app}/${id}`, seq);
  }

  /** What is to be written, as steps of one row each; to be followed by `written`. */
  *write(): Generator<void> {
    this.#writing = this.#newest;
    this.#newest = new Map();
    for (const [key, seq] of this.#writing) {
      const slash = key.indexOf('/');
      this.#insert.run(Number(key.slice(0, slash)), key.slice(slash + 1), seq);
      yield;
    }
  }

  written(): void {
    this.#writing = new Map();
  }
}
