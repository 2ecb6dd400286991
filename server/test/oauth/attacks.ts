/** What the tests of attacks share: a client to attack, and one entry for each attack in docs/oauth.md. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  type Client,
  type OAuthWorld,
  openOAuthWorld,
  otherRedirectUri,
  pkce,
  redirectUri,
} from './oauth_world.js';

export interface Target {
  readonly world: OAuthWorld;
  readonly client: Client;
}

export async function openTarget(): Promise<Target> {
  const world = await openOAuthWorld();
  return { world, client: await world.client({ redirect_uris: [redirectUri, otherRedirectUri] }) };
}

/** An authorization request as it should be, but for what is changed. */
export function asking({ client }: Target, changed: Readonly<Record<string, string>> = {}) {
  return {
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    state: 's',
    ...pkce().query,
    ...changed,
  };
}

/** The names in the table of docs/oauth.md. */
const table = readFile(new URL('../../../docs/oauth.md', import.meta.url), 'utf8').then((text) => {
  const rows = text.slice(text.indexOf('## Attacks')).matchAll(/^\| ([^|]+?) \|/gm);
  return [...rows].map(([, name = '']) => name.trim()).slice(2);
});

export interface Attacks {
  /** An attack of the table, by its name there. */
  readonly attack: (name: string, carryOut: () => Promise<unknown>) => void;
  /** To be called after the last attack of a file: these rows of the table, in this order, are what it carried out. */
  readonly expectRows: (first: string, last: string) => void;
}

/** Those of one file. */
export function attacks(): Attacks {
  const carriedOut: string[] = [];
  return {
    attack(name, carryOut) {
      carriedOut.push(name);
      test(name, async () => {
        expect(await table).toContain(name);
        await carryOut();
      });
    },
    expectRows(first, last) {
      test('docs/oauth.md has these attacks and no others', async () => {
        const names = await table;
        expect(carriedOut).toEqual(names.slice(names.indexOf(first), names.indexOf(last) + 1));
      });
    },
  };
}
