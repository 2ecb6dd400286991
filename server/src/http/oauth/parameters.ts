/** Reads the parameters of OAuth requests. A parameter that is given twice is refused (RFC 6749, section 3.1). */
import type { Parameters } from '../../service/oauth/authorization.js';
import { OAuthError } from '../../service/oauth/oauth_error.js';

/** Of a parsed query or form. An empty value counts as absent, as the RFC says. */
export function parametersOf(parsed: unknown): Parameters {
  return (name) => {
    const value: unknown =
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw new OAuthError('invalid_request', `${name} is given more than once.`);
  };
}
