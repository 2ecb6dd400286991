/**
 * The media types of requests and responses. Existing clients send application/vnd.layer+json in versions 1.0 to 3.0,
 * plain JSON, or no type: all are accepted. An unknown version of the vendor type is refused.
 */
import { ApiError } from './errors.js';

const versions = new Set(['1.0', '1.1', '2.0', '3.0']);
const parameter = /^\s*version\s*=\s*("?)([^"\s]*)\1\s*$/i;

/** Refuses an Accept header (RFC 9110, section 12.5.1) if the response can have none of its types. */
export function checkAccept(accept: string | undefined, produced: readonly string[]): void {
  const error = acceptError(accept, produced);
  if (error !== undefined) throw error;
}

/** The same as a value, for a hook that does not throw. */
export function acceptError(accept: string | undefined, produced: readonly string[]): ApiError | undefined {
  if (accept === undefined || accept === '*/*' || accept.trim() === '') return undefined;
  if (accept.split(',').some((range) => isAcceptable(range, produced))) return undefined;
  const message =
    'Accept asks for nothing that this endpoint sends. Use application/vnd.layer+json; version=1.1, or application/json.';
  return new ApiError('invalid_header', message, { data: { header: 'Accept' } });
}

function isAcceptable(range: string, produced: readonly string[]): boolean {
  const [type = '', ...parameters] = range.split(';');
  const name = type.trim().toLowerCase();
  if (name === 'application/vnd.layer+json') return hasKnownVersion(parameters);
  return name === '*/*' || name === 'application/*' || name === 'application/json' || produced.includes(name);
}

/** Without a version, the vendor type is accepted like plain JSON. */
function hasKnownVersion(parameters: readonly string[]): boolean {
  const given = parameters.filter((text) => /^\s*version\b/i.test(text));
  return given.every((text) => versions.has(parameter.exec(text)?.[2] ?? ''));
}

const eventStream = 'text/event-stream';

/** Whether, of what a badge can be sent as, Server-Sent Events are wanted most; of equals, the first (RFC 9110, section 12.5.1). */
export function prefersEvents(accept: string | undefined): boolean {
  if (accept === undefined || !accept.toLowerCase().includes(eventStream)) return false;
  const wanted = accept
    .split(',')
    .filter((range) => quality(range) > 0 && isAcceptable(range, [eventStream]))
    .sort((a, b) => quality(b) - quality(a));
  return wanted[0]?.split(';')[0]?.trim().toLowerCase() === eventStream;
}

/** 1 unless given. */
function quality(range: string): number {
  const [, given] = /;\s*q\s*=\s*([\d.]+)/i.exec(range) ?? [];
  return given === undefined ? 1 : Number(given);
}

const jsonTypes = new Set([
  'application/json',
  'application/vnd.layer+json',
  'application/vnd.layer-patch+json',
]);

export function isJsonType(contentType: string): boolean {
  return jsonTypes.has((contentType.split(';')[0] ?? '').trim().toLowerCase());
}
