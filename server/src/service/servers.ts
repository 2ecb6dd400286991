/**
 * The report that each server gives of itself, for the dashboard's overview. Servers that share a database store theirs in
 * it every few seconds, and read those of the others from there.
 */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Platform, platforms } from '../push_target.js';
import { type PauseKind, pauseKinds } from '../push_verdict.js';

const Report = Type.Object({
  version: Type.String(),
  startedAt: Type.Number(),
  /** The number of events in the database that this server has not yet applied to the apps in its memory. */
  eventsBehind: Type.Number(),
  /** Differs between two secret keys, and reveals nothing else about them. */
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
  /** Whether it is the server that responds to the request. */
  readonly isThis: boolean;
  readonly report: ServerReport;
}

const report = Compile(Report);

/** Undefined if the server is still starting, or if its version writes other reports. */
export function parseReport(text: string): ServerReport | undefined {
  const value: unknown = JSON.parse(text);
  return report.Check(value) ? value : undefined;
}
