/** Records a program with strace, which can also make one of its syncs fail. Only where strace may trace (Linux). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { FileOperation, Recording } from './recording.js';

const traced =
  'open,openat,creat,write,writev,pwrite64,pwritev,truncate,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2';

/** Why nothing can be recorded here; undefined if it can. Throws where strace must be there (BADGED_TESTS_SKIP_NOTHING). */
export function straceProblem(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], {
    encoding: 'utf8',
  });
  if (error !== undefined) {
    if (process.env.BADGED_TESTS_SKIP_NOTHING !== undefined) throw new Error('strace is not installed');
    return 'strace is not installed';
  }
  return status === 0 ? undefined : `strace may not trace here: ${stderr.trim()}`;
}

/** Commits are synced with fdatasync, by a thread; all else with fsync. */
export interface FailingCall {
  readonly call: 'fsync' | 'fdatasync' | 'pwrite64' | 'ftruncate' | 'openat' | 'unlink';
  readonly error?: 'EIO' | 'ENOSPC';
  /** From 1, of the calls by one thread. */
  readonly nth: number;
}

export interface Recorded {
  readonly stdout: NodeJS.ReadableStream;
  /** What it wrote to standard error until now. */
  logged(): string;
  /** SIGTERM. */
  stop(): void;
  /** kill -9. */
  kill(): void;
  /** Resolves when the program ended: what it did to the directory. */
  readonly ended: Promise<Recording>;
}

/**
 * Starts Node with these arguments. The directory need not exist yet.
 * @param failing the call that fails, with EIO if no other error is named
 */
export function record(
  args: readonly string[],
  options: {
    readonly directory: string;
    /** Where strace writes. */
    readonly traceFile: string;
    readonly env: NodeJS.ProcessEnv;
    readonly failing?: FailingCall;
  },
): Recorded {
  const { directory, traceFile, env, failing } = options;
  const inject =
    failing === undefined
      ? []
      : ['-e', `inject=${failing.call}:error=${failing.error ?? 'EIO'}:when=${failing.nth}`];
  // With -D the child is the program, and strace another process, which ends after it.
  const how = [
    '-D',
    '-f',
    '-qq',
    '-y',
    '-ttt',
    '-T',
    '-xx',
    '-s',
    '16777216',
    '-e',
    `trace=${traced}`,
    ...inject,
  ];
  const child = spawn('strace', [...how, '-o', traceFile, '--', process.execPath, ...args], {
    // One thread makes all syncs beside the main one, so that they can be counted.
    env: { ...env, UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logged: string[] = [];
  child.stderr.on('data', (chunk) => logged.push(String(chunk)));
  // Comes once no process has the program's output open any more, strace included.
  const closed = once(child, 'close');
  return {
    stdout: child.stdout,
    logged: () => logged.join(''),
    stop: () => {
      child.kill('SIGTERM');
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended: closed.then(() => parseTrace(readFileSync(traceFile, 'latin1'), directory)),
  };
}

/** What strace -f -y -xx wrote, as far as it is about files in this directory. */
export function parseTrace(trace: string, directory: string): Recording {
  const positions = new Map<string, number>();
  return wholeCalls(trace).flatMap(({ text, time }) => {
    const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+)/s.exec(text) ?? [];
    if (name === '') return [];
    const operations = operationsOf({ name, args, result: Number(result) }, directory, positions);
    return time === undefined ? operations : operations.map((operation) => ({ ...operation, time }));
  });
}

interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: number;
}

interface Line {
  readonly text: string;
  readonly time?: { readonly begun: number; readonly ended: number };
}

/** A call that another thread interrupted is on two lines. The time is there with `strace -ttt -T`. */
function wholeCalls(trace: string): Line[] {
  const unfinished = new Map<string, { text: string; at: number }>();
  return trace.split('\n').flatMap((line) => {
    const [, pid = '', stamp = '', text = ''] = /^(\d+) +(?:(\d+\.\d+) )?(.*)$/s.exec(line) ?? [];
    const at = Number(stamp) * 1_000;
    const begun = /^(.*?) *<unfinished \.\.\.>$/s.exec(text)?.[1];
    if (begun !== undefined) {
      unfinished.set(pid, { text: begun, at });
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text)?.[1];
    const first = resumed === undefined ? undefined : unfinished.get(pid);
    const whole = `${first?.text ?? ''}${resumed ?? text}`;
    if (stamp === '') return [{ text: whole }];
    const tookMs = Number(/ <(\d+\.\d+)>$/.exec(text)?.[1] ?? 0) * 1_000;
    return [
      { text: whole, time: { begun: first?.at ?? at, ended: resumed === undefined ? at + tookMs : at } },
    ];
  });
}

function operationsOf(
  { name, args, result }: Call,
  directory: string,
  positions: Map<string, number>,
): FileOperation[] {
  const texts = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => unescaped(hex));
  const file = descriptorPath(args) ?? texts.at(0)?.toString();
  const inside = file === undefined ? undefined : inDirectory(file, directory);
  const isSync = name === 'fsync' || name === 'fdatasync';
  if (isSync) return inside === undefined ? [] : [{ kind: 'sync', file: inside, succeeded: result === 0 }];
  if (result < 0) return [];
  if (/^(open|creat)/.test(name)) {
    const opened = inDirectory(texts.at(0)?.toString() ?? '', directory);
    if (opened === undefined || opened === '') return [];
    positions.set(opened, 0);
    const creates = name === 'creat' || args.includes('O_CREAT');
    return [{ kind: 'open', file: opened, creates, truncates: args.includes('O_TRUNC') }];
  }
  if (/^(unlink|rename)/.test(name)) {
    const [from, to] = texts.map((text) => inDirectory(text.toString(), directory));
    if (from === undefined) return [];
    if (name.startsWith('unlink')) return [{ kind: 'remove', file: from }];
    return to === undefined ? [] : [{ kind: 'rename', file: from, to }];
  }
  if (inside === undefined) return [];
  const number = Number(/, (\d+)$/.exec(args)?.[1] ?? 0);
  if (name === 'ftruncate' || name === 'truncate')
    return [{ kind: 'truncate', file: inside, length: number }];
  const bytes = Buffer.concat(texts).subarray(0, result);
  // A plain write follows the one before it: no program that is recorded here seeks.
  const offset = name.startsWith('pwrite') ? number : (positions.get(inside) ?? 0);
  if (!name.startsWith('pwrite')) positions.set(inside, offset + result);
  return [{ kind: 'write', file: inside, offset, bytes }];
}

/** Of the file that the first argument, a descriptor, stands for. */
function descriptorPath(args: string): string | undefined {
  const hex = /^\d+<((?:\\x[0-9a-f]{2})*)>/.exec(args)?.[1];
  return hex === undefined ? undefined : unescaped(hex).toString();
}

function unescaped(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

/** Relative; undefined outside, and for shared memory, which is not read again after a power cut. */
function inDirectory(path: string, directory: string): string | undefined {
  const name = relative(directory, path);
  return name.startsWith('..') || name.startsWith('/') || name.endsWith('-shm') ? undefined : name;
}
