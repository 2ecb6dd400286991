/** What each server says of itself, for the overview. Several servers read it from the database, as of the last seconds. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Platform, platforms } from '../push_target.js';
import { type PauseKind, pauseKinds } from '../push_verdict.js';

const Report = Type.Object({
  version: Type.String(),
  startedAt: Type.Number(),
  /** How many events of the apps in memory were in the database, and not yet applied. */
  eventsBehind: Type.Number(),
  /** What tells two secret keys apart, and says nothing else of them. */
  secretKey: Type.String(),
  paused: Type.Array(
    Type.Object({
      app: Type.String(),
      platform: Type.Unsafe<Platform>({ type: 'string', enum: [...platforms] }),
      kind: Type.Unsafe<PauseKind>({ type: 'string', enum: [...pauseKinds] }),
      reason: Type.String(),
      since: Type.Number(),
      pausedUntil: Type.Number(),
    }),
  ),
});

export type ServerReport = Static<typeof Report>;

export interface KnownServer {
  readonly id: string;
  /** The one that responds. */
  readonly isThis: boolean;
  readonly report: ServerReport;
}

const report = Compile(Report);

/** Undefined for a server that is just starting, or of a version with other reports. */
export function parseReport(text: string): ServerReport | undefined {
  const value: unknown = JSON.parse(text);
  return report.Check(value) ? value : undefined;
}
