/** The architecture of CONTRIBUTING.md, held against every import of the sources. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * What each room of server/src may import of the others; the longest matching name is a file's room. Whoever
 * is not named here as an importer of an adapter may not import it: only the composition root does.
 */
const rooms: { readonly [room: string]: readonly string[] } = {
  'compose.ts': [
    'first_start.ts',
    'http',
    'http/admission',
    'listening.ts',
    'live',
    'log',
    'metrics',
    'push_wiring.ts',
    'secret_key_file.ts',
    'servers_wiring.ts',
    'service',
    'store/cluster.ts',
    'store/embedded.ts',
    'store/host',
    'store/port.ts',
    'store/sqlite',
    'tls',
    'version.ts',
  ],
  'first_start.ts': ['service'],
  'keyed_hash.ts': [],
  'listening.ts': [],
  log: [],
  metrics: [],
  'loop_time.ts': [],
  'slices.ts': [],
  'push_wiring.ts': ['push', 'push/providers.ts', 'service', 'store/port.ts'],
  'servers_wiring.ts': ['service', 'store/host', 'store/port.ts', 'version.ts'],
  'version.ts': [],
  'index.ts': ['compose.ts'],
  // The composition root of commands that serve nothing.
  'offline.ts': [
    'secret_key_file.ts',
    'service',
    'store/cluster.ts',
    'store/embedded.ts',
    'store/host',
    'store/sqlite',
    'store/transfer_port.ts',
    'transfer',
    'version.ts',
  ],
  transfer: ['store/transfer_port.ts'],
  // The composition root of a look at everything that changes nothing.
  'doctor.ts': ['secret_key_file.ts', 'service', 'store/postgres', 'store/sqlite', 'tls'],
  'findings.ts': [],
  cli: ['compose.ts', 'doctor.ts', 'first_start.ts', 'offline.ts', 'version.ts'],
  http: [
    'history',
    'http/admin',
    'http/admission',
    'http/dashboard',
    'http/foundation',
    'http/genesys',
    'http/layer',
    'http/oauth',
    'http/operations',
    'live',
    'service',
  ],
  'http/foundation': ['service', 'store/port.ts'],
  'http/admission': ['http/foundation'],
  'http/layer': [
    'push_target.ts',
    'http/foundation',
    'live',
    'service',
    'store/port.ts',
    'store/push_port.ts',
  ],
  'http/genesys': ['http/foundation', 'live', 'service'],
  'http/admin': [
    'push_target.ts',
    'push_verdict.ts',
    'history',
    'http/foundation',
    'service',
    'store/port.ts',
  ],
  'http/oauth': ['http/foundation', 'service'],
  'http/dashboard': ['http/foundation', 'service'],
  'http/operations': ['http/foundation', 'live', 'service'],
  service: [
    'push_target.ts',
    'push_verdict.ts',
    'push_credentials.ts',
    'store/port.ts',
    'store/push_port.ts',
    'store/record_port.ts',
  ],
  live: ['service', 'store/push_port.ts'],
  history: [],
  tls: [],
  'secret_key_file.ts': ['service'],
  'push_credentials.ts': [],
  'store/port.ts': ['push_target.ts', 'store/push_port.ts', 'store/record_port.ts'],
  'store/record_port.ts': [],
  'store/push_port.ts': ['push_target.ts'],
  'store/transfer_port.ts': ['push_target.ts', 'store/engine.ts'],
  'store/hosted_app.ts': [],
  'store/engine.ts': ['store/hosted_app.ts', 'store/port.ts', 'store/push_port.ts', 'store/record_port.ts'],
  'store/retention_engine.ts': ['store/engine.ts'],
  // What the engines share: the decisions about devices, and the form of columns.
  'store/device_claims.ts': ['store/push_port.ts'],
  'store/device_registrations.ts': ['push_target.ts', 'store/push_port.ts'],
  'store/json_columns.ts': [],
  // It names no engine: what it stands on is the port.
  'store/host': [
    'slices.ts',
    'store/engine.ts',
    'store/hosted_app.ts',
    'store/port.ts',
    'store/push_port.ts',
    'store/record_port.ts',
    'store/retention_engine.ts',
    'store/shared_engine.ts',
  ],
  'store/postgres': [
    'store/device_claims.ts',
    'store/device_registrations.ts',
    'store/engine.ts',
    'store/hosted_app.ts',
    'store/json_columns.ts',
    'store/port.ts',
    'store/push_port.ts',
    'store/record_port.ts',
    'store/retention_engine.ts',
    'store/shared_engine.ts',
    'store/transfer_port.ts',
  ],
  'store/shared_engine.ts': [
    'store/engine.ts',
    'store/hosted_app.ts',
    'store/port.ts',
    'store/push_port.ts',
    'store/record_port.ts',
    'store/retention_engine.ts',
  ],
  'store/sqlite': [
    'store/device_claims.ts',
    'store/device_registrations.ts',
    'store/engine.ts',
    'store/hosted_app.ts',
    'store/json_columns.ts',
    'store/port.ts',
    'store/push_port.ts',
    'store/record_port.ts',
    'store/retention_engine.ts',
    'store/transfer_port.ts',
  ],
  'store/cluster.ts': ['store/host', 'store/port.ts', 'store/postgres', 'store/transfer_port.ts'],
  'store/embedded.ts': ['store/host', 'store/sqlite', 'store/transfer_port.ts'],
  'store/reference': ['push_target.ts', 'store/port.ts', 'store/push_port.ts', 'store/record_port.ts'],
  'push_target.ts': [],
  'push_verdict.ts': [],
  push: ['push_target.ts', 'push_verdict.ts', 'push/transport', 'store/port.ts', 'store/push_port.ts'],
  // Of push delivery, this alone knows the transports.
  'push/providers.ts': [
    'push_target.ts',
    'push_verdict.ts',
    'push',
    'push/transport',
    'push/transport/apns',
    'push/transport/fcm',
    'push/transport/log',
    'push/transport/webpush',
    'push_credentials.ts',
  ],
  'push/transport': ['push_target.ts', 'push_verdict.ts'],
  'push/transport/apns': ['push/transport', 'push_verdict.ts'],
  'push/transport/fcm': ['push/transport'],
  'push/transport/webpush': ['push/transport', 'push_verdict.ts'],
  'push/transport/log': ['push/transport'],
};

/** Long work is done in slices, time is accounted, and keyed hashes are made, wherever it is needed. */
const everyRoomMayImport: ReadonlySet<string> = new Set([
  'findings.ts',
  'keyed_hash.ts',
  'loop_time.ts',
  'slices.ts',
]);

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

function imports(folder: string): Import[] {
  return sources(folder).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const found = text.matchAll(
      /^(?:import|export)\b[^'";]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
    );
    return [...found].map((match) => ({ file, target: match[1] ?? match[2] ?? match[3] ?? '' }));
  });
}

/** Relative to the folder, with the ending of the source. */
function resolved({ file, target }: Import, folder: string): string {
  return relative(join(root, folder), resolve(root, dirname(file), target)).replace(/\.js$/, '.ts');
}

function room(path: string): string {
  const matching = Object.keys(rooms).filter((name) => path === name || path.startsWith(`${name}/`));
  return matching.sort((a, b) => b.length - a.length)[0] ?? `${path}, which is in no room`;
}

/** Relative to the root, as a name without its ending: what `./page.js` names is page.ts or page.tsx. */
function withoutEnding(path: string): string {
  return path.replace(/\.(js|tsx?)$/, '');
}

/** The import cycles of a workspace, each as the path of modules that leads back to its start. */
function cycles(folder: string): string[] {
  const graph = new Map(sources(folder).map((file) => [withoutEnding(file), new Set<string>()]));
  for (const { file, target } of imports(folder)) {
    if (target.startsWith('.')) {
      graph.get(withoutEnding(file))?.add(withoutEnding(join(dirname(file), target)));
    }
  }
  const found: string[] = [];
  const visited = new Set<string>();
  const visit = (module: string, path: readonly string[]): void => {
    const start = path.indexOf(module);
    if (start >= 0) found.push([...path.slice(start), module].join(' → '));
    if (visited.has(module)) return;
    visited.add(module);
    for (const imported of graph.get(module) ?? []) visit(imported, [...path, module]);
  };
  for (const module of graph.keys()) visit(module, []);
  return found;
}

describe('the architecture', () => {
  test('the core imports nothing but itself', () => {
    const found = imports('core/src');
    expect(found.length).toBeGreaterThan(20);
    for (const one of found) {
      expect(one.target, one.file).toMatch(/^\.\.?\//);
      expect(resolved(one, 'core/src'), one.file).not.toMatch(/^\.\./);
    }
  });

  test('each room of the server imports only those it may: adapters not one another, and only the composition root all', () => {
    const found = imports('server/src').filter(({ target }) => target.startsWith('.'));
    expect(found.length).toBeGreaterThan(100);
    for (const one of found) {
      const from = room(relative('server/src', one.file));
      const to = room(resolved(one, 'server/src'));
      if (from === to || everyRoomMayImport.has(to)) continue;
      expect(rooms[from], `${one.file} imports ${one.target}`).toContain(to);
    }
  });

  test('no import is part of a cycle, not even one of a type', () => {
    const workspaces = readdirSync(root).filter((name) => existsSync(join(root, name, 'src')));
    expect(workspaces).toEqual(expect.arrayContaining(['bench', 'client', 'core', 'dashboard', 'server']));
    expect(workspaces.flatMap((name) => cycles(`${name}/src`))).toEqual([]);
  });

  test('no file of the host names an engine, and the port of the engines stays small', () => {
    for (const file of sources('server/src/store/host'))
      expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/sqlite|postgres|embedded/i);
    const port = readFileSync(join(root, 'server/src/store/engine.ts'), 'utf8');
    expect(port.split('\n').length).toBeLessThan(151);
  });

  test('no file of an engine decides or counts: of the core it takes shapes, and how events are written', () => {
    const taken = /import (type )?\{([^}]*)\} from '@badged\/core'/g;
    const engines = ['sqlite', 'postgres'].flatMap((name) => sources(`server/src/store/${name}`));
    for (const file of engines) {
      for (const [, isType, names = ''] of readFileSync(join(root, file), 'utf8').matchAll(taken)) {
        const values = isType === undefined ? names.split(',').map((name) => name.trim()) : [];
        const used = values.filter((name) => name !== '' && !name.startsWith('type '));
        expect(['badgeModes', 'notificationLevels', 'parseEvent'], file).toEqual(
          expect.arrayContaining(used),
        );
      }
    }
  });

  test('replay and dev-push stand beside the server: they import no other workspace, and only its command and its tests import them', () => {
    const beside = [...imports('replay/src'), ...imports('dev-push/src')];
    expect(beside.length).toBeGreaterThan(20);
    for (const one of beside) {
      expect(one.target, one.file).not.toMatch(/^@badged/);
      if (one.target.startsWith('.')) expect(one.target, one.file).toMatch(/^\.\/[^/]+\.js$/);
    }
    for (const { file, target } of imports('server/src')) {
      if (/^@badged\/(replay|dev-push)/.test(target)) expect(file).toMatch(/^server\/src\/cli\//);
    }
  });

  test('a room that nothing is in any more is struck from the list', () => {
    for (const name of Object.keys(rooms)) {
      expect(
        sources('server/src').some((file) => room(relative('server/src', file)) === name),
        name,
      ).toBe(true);
    }
  });
});
