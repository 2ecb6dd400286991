/**
 * The transfer file, line by line (docs/decisions/0023-the-transfer-file.md): a header, a line for each row, and an end with
 * counts and a checksum. Pure. The same data gives the same lines, whichever engine it comes from: nothing in them depends on
 * when or where they were made.
 */
import { badgeModes, type MetadataValue, notificationLevels } from '@badged/core';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { RowType, TransferRow } from '../store/transfer_port.js';

/** With the base of an app whose log has dropped events, it is 2. */
export const formatVersions = [1, 2];

export interface Header {
  readonly format: 'badged';
  readonly version: number;
  readonly madeBy: string;
  /** Which secret key the credentials are encrypted with; null if that was not known. */
  readonly secretKeyId: string | null;
  readonly lastAppNumber: number;
  /** How many events follow. */
  readonly events: number;
}

/** A file without a base does not count its rows. */
export type RowCounts = Readonly<Record<Exclude<RowType, 'base'>, number>> & { readonly base?: number };

export interface End {
  readonly type: 'end';
  readonly rows: RowCounts;
  /** Of all bytes before this line. */
  readonly sha256: string;
}

export function headerLine(header: Omit<Header, 'format' | 'version'>, hasBase: boolean): string {
  return JSON.stringify({ format: 'badged', version: hasBase ? 2 : 1, ...header } satisfies Header);
}

export function rowLine(row: TransferRow): string {
  // The event is JSON already.
  return row.type === 'event'
    ? `{"type":"event","app":${row.app},"seq":${row.seq},"event":${row.event}}`
    : JSON.stringify(row);
}

export function endLine(end: Omit<End, 'type'>): string {
  return JSON.stringify({ type: 'end', ...end } satisfies End);
}

/** Undefined if the line is no header. Its version may be another one than this. */
export function parseHeader(line: string): Header | undefined {
  const value = parseJson(line);
  return headerShape.Check(value) ? value : undefined;
}

/** Undefined if the line is not as this version writes it. */
export function parseRow(line: string): TransferRow | undefined {
  const value = parseJson(line);
  if (!rowShape.Check(value)) return undefined;
  return value.type === 'event' ? { ...value, event: JSON.stringify(value.event) } : value;
}

/** Undefined if the line is no end. */
export function parseEnd(line: string): End | undefined {
  if (!line.startsWith('{"type":"end"')) return undefined;
  const value = parseJson(line);
  return endShape.Check(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const text = Type.String();
const natural = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const positive = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const base64 = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' });
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const exactly = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const headerShape = Compile(
  Type.Object({
    format: Type.Literal('badged'),
    version: natural,
    madeBy: text,
    secretKeyId: orNull(text),
    lastAppNumber: natural,
    events: natural,
  }),
);

const endShape = Compile(
  exactly({
    type: Type.Literal('end'),
    rows: exactly({
      secret: natural,
      app: natural,
      token: natural,
      credential: natural,
      record: natural,
      device: natural,
      alert: natural,
      base: Type.Optional(natural),
      event: natural,
    }),
    sha256: text,
  }),
);

const pushTarget = Type.Union([
  exactly({
    platform: Type.Literal('apns'),
    token: text,
    bundleId: text,
    environment: Type.Union([Type.Literal('production'), Type.Literal('development')]),
  }),
  exactly({ platform: Type.Literal('fcm'), token: text }),
  exactly({
    platform: Type.Literal('webpush'),
    endpoint: text,
    keys: exactly({ p256dh: text, auth: text }),
  }),
]);

const audience = Type.Union([
  exactly({ kind: Type.Literal('everyone') }),
  exactly({ kind: Type.Literal('users'), users: Type.Array(text) }),
  exactly({ kind: Type.Literal('conversation'), conversation: text }),
  exactly({ kind: Type.Literal('message'), conversation: text, position: natural }),
  exactly({ kind: Type.Literal('announcement'), announcement: text }),
]);

const numbers = Type.Array(natural);

/** Each with what every row of a base has. */
const ofBase = <P extends Type.TProperties>(row: P) =>
  exactly({ type: Type.Literal('base'), app: positive, seq: positive, ...row });

const baseUser = exactly({
  user: positive,
  id: text,
  everyoneBase: natural,
  announcedCursor: natural,
  announcedRanges: numbers,
  named: numbers,
  external: Type.Array(Type.Tuple([text, natural])),
  blocked: numbers,
});

const baseConversation = exactly({
  conversation: positive,
  id: text,
  exists: Type.Boolean(),
  distinct: Type.Boolean(),
  createdAt: natural,
  fingerprint: natural,
  head: natural,
  lastAt: natural,
  metadata: Type.Record(text, Type.Unsafe<MetadataValue>({})),
  uncounted: numbers,
  deletedMessages: numbers,
  last: orNull(
    exactly({
      reference: positive,
      position: positive,
      sender: Type.Union([natural, text]),
      at: natural,
      id: Type.Optional(text),
    }),
  ),
});

const baseParticipation = exactly({
  conversation: positive,
  user: positive,
  joined: natural,
  cursor: natural,
  ranges: numbers,
  mentions: numbers,
  level: Type.Union(notificationLevels.map((level) => Type.Literal(level))),
  mutedUntil: orNull(natural),
});

const baseAnnouncement = exactly({
  announcement: positive,
  id: text,
  at: natural,
  fingerprint: natural,
  recipients: Type.Union([numbers, exactly({ position: natural })]),
});

const rowShape = Compile(
  Type.Union([
    // First, because most rows are events.
    exactly({
      type: Type.Literal('event'),
      app: positive,
      seq: positive,
      event: Type.Object({ type: text }),
    }),
    exactly({ type: Type.Literal('secret'), name: text, value: base64 }),
    exactly({
      type: Type.Literal('app'),
      app: positive,
      id: text,
      name: text,
      mode: Type.Union(badgeModes.map((mode) => Type.Literal(mode))),
      includeAnnouncements: Type.Boolean(),
      jabberDomain: text,
      createdAt: natural,
    }),
    exactly({
      type: Type.Literal('token'),
      app: positive,
      id: text,
      label: text,
      hash: base64,
      createdAt: natural,
    }),
    exactly({ type: Type.Literal('credential'), app: positive, platform: text, sealed: base64 }),
    exactly({
      type: Type.Literal('record'),
      app: positive,
      number: positive,
      collection: text,
      id: text,
      owner: text,
      value: text,
      expiresAt: orNull(natural),
    }),
    exactly({
      type: Type.Literal('device'),
      app: positive,
      id: text,
      user: text,
      target: pushTarget,
      registeredAt: natural,
      usedAt: natural,
      accepted: orNull(natural),
      acceptedAt: orNull(natural),
      isUnregistering: Type.Boolean(),
    }),
    exactly({
      type: Type.Literal('alert'),
      app: positive,
      number: positive,
      requestId: orNull(text),
      audience,
      notification: orNull(text),
      expiresAt: natural,
      settled: Type.Array(text),
    }),
    ofBase({ user: baseUser }),
    ofBase({ conversation: baseConversation }),
    ofBase({ participation: baseParticipation }),
    ofBase({ announcement: baseAnnouncement }),
  ]),
);
