/** A benchmark as the command line sees it. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  /** Those of the options that it looks at, for the list. */
  readonly options: string;
  readonly run: (options: Options) => Promise<void>;
}

/** What was asked for; each benchmark has its own defaults. */
export interface Options {
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  readonly clients: number | undefined;
  readonly participations: number | undefined;
  readonly users: number | undefined;
  readonly tail: number | undefined;
  /** The root of another, built checkout of this repository. */
  readonly against: string | undefined;
  /** A data directory; it is copied, never opened in place. */
  readonly data: string | undefined;
  /** A recorded chat workload, as `badged replay` takes it. */
  readonly workload: string | undefined;
  /** The file that the results are written to as well, as JSON. */
  readonly json: string | undefined;
  /** Of the server under measurement, in MiB. */
  readonly heap: number | undefined;
}
