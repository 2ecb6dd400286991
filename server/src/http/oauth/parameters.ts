/** Parameters of OAuth requests. None may come twice (RFC 6749, section 3.1): two readers might read two things. */
import type { Parameters } from '../../service/oauth/authorization.js';
import { OAuthError } from '../../service/oauth/oauth_error.js';

/** Of a parsed query or form. An empty value is as good as none, as the RFC has it. */
export function parametersOf(parsed: unknown): Parameters {
  return (name) => {
    const value: unknown =
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw new OAuthError('invalid_request', `${name} is given more than once.`);
  };
}
