/**
 * The URLs of the service: one for the REST API, one for OAuth. An environment is either a bare name, which means the
 * vendor's pair of hosts (api.NAME and login.NAME, over TLS), or an origin, which is used for both as it stands.
 */
export interface Environment {
  readonly api: string;
  readonly login: string;
}

/** The vendor's gateway: one host for both, which differ by their path. */
export interface Gateway {
  readonly host: string;
  readonly protocol?: string;
  readonly port?: number | string;
  readonly path_params_login?: string;
  readonly path_params_api?: string;
}

/**
 * `example.com`, `api.example.com` and `https://api.example.com` mean `https://api.example.com` and
 * `https://login.example.com`. `https://badges.example.com/some/path` means that URL for both.
 */
export function environmentOf(name: string): Environment {
  const given = name.trim();
  const withScheme = /^https?:\/\//i.test(given) ? given : `https://${given}`;
  const url = parsed(withScheme, name);
  const base = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  if (withScheme === given && !url.hostname.startsWith('api.')) return { api: base, login: base };
  const domain = url.host.replace(/^api\./, '');
  if (url.pathname !== '/') {
    throw new Error(`The environment ${name} has a path: give an origin, such as https://${domain}/path`);
  }
  return { api: `${url.protocol}//api.${domain}`, login: `${url.protocol}//login.${domain}` };
}

export function environmentOfGateway(gateway: Gateway): Environment {
  const port = gateway.port === undefined || Number(gateway.port) <= 0 ? '' : `:${gateway.port}`;
  const url = `${gateway.protocol || 'https'}://${gateway.host}${port}`;
  parsed(url, url);
  return {
    api: url + pathOf(gateway.path_params_api),
    login: url + pathOf(gateway.path_params_login),
  };
}

function pathOf(params = ''): string {
  const path = params.replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : `/${path}`;
}

function parsed(text: string, given: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new Error(`Not an environment: ${given}`, { cause });
  }
  if (url.username || url.password || url.search || url.hash) throw new Error(`Not an environment: ${given}`);
  // A bearer token is as secret as a password: it is sent over plain HTTP only within this machine.
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Error(
      `${given} must use https. Plain http is allowed for this machine only (localhost, 127.0.0.1, [::1])`,
    );
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
