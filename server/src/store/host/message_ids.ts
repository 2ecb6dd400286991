/**
 * The ids of messages whose callers chose none: UUIDs of version 8 that carry conversation and position and 58 bits
 * of a keyed hash over both, so that a receipt needs no lookup and a client cannot forge an id.
 */
import type { MessageIds } from '@badged/core';
import { keyedHash } from '../../keyed_hash.js';

export function messageIds(key: Uint8Array, app: number): MessageIds {
  const hash = keyedHash(key);
  return {
    make(conversation, position) {
      const bytes = hash(`${app}/${conversation}/${position}`);
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
