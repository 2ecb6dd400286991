/**
 * Runs statements of SQLite on a thread beside the one that serves, each time on a new connection to the same file: for work
 * that syncs by itself, and would stop all requests meanwhile.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { nodeSqlite } from './node_sqlite.js';

/**
 * A text, so that it also runs where there are only TypeScript sources. It opens Node's own SQLite, or better-sqlite3 from where
 * the program found it. A message is a list of statements; the response is the first row of each.
 */
const program = `
  const { parentPort, workerData: { file, betterSqlite3 } } = require('node:worker_threads');
  process.emitWarning = () => {};
  function open() {
    if (betterSqlite3 !== undefined) return new (require(betterSqlite3))(file, { fileMustExist: true });
    const { DatabaseSync } = require('node:sqlite');
    return new DatabaseSync(file, { timeout: 5_000 });
  }
  parentPort.on('message', (statements) => {
    try {
      const connection = open();
      try {
        const rows = statements.map((sql) => {
          const statement = connection.prepare(sql);
          if (statement.reader !== false) return statement.get() ?? {};
          statement.run();
          return {};
        });
        parentPort.postMessage({ rows: rows.map((row) => ({ ...row })) });
      } finally {
        connection.close();
      }
    } catch (error) {
      const { message, code, errcode } = error;
      parentPort.postMessage({ error: { message, code, errcode } });
    }
  });
`;

export type Row = Readonly<Record<string, unknown>>;

type Response =
  | { readonly rows: readonly Row[]; readonly error?: never }
  | {
      readonly error: { readonly message: string; readonly code?: unknown; readonly errcode?: unknown };
      readonly rows?: never;
    };

export class SqlThread {
  readonly #worker: Worker;
  #settle: ((response: Response) => void) | undefined;

  constructor(file: string) {
    const betterSqlite3 =
      nodeSqlite() === undefined ? createRequire(import.meta.url).resolve('better-sqlite3') : undefined;
    this.#worker = new Worker(program, { eval: true, workerData: { file, betterSqlite3 }, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (response: Response) => this.#respond(response));
    this.#worker.on('error', (error) => this.#respond({ error: { message: String(error) } }));
    this.#worker.on('exit', () => this.#respond({ error: { message: 'the thread ended' } }));
  }

  /** One call at a time. Rejects with SQLite's error: see sqliteCode. */
  run(statements: readonly string[]): Promise<readonly Row[]> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#settle = ({ rows, error }) => {
        if (error === undefined) return resolve(rows);
        const { message, ...codes } = error;
        reject(Object.assign(new Error(message), codes));
      };
      this.#worker.postMessage(statements);
    });
  }

  /** Not during a call. */
  end(): void {
    void this.#worker.terminate();
  }

  #respond(response: Response): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#worker.unref();
    settle?.(response);
  }
}
