/** The metrics of the disk that the embedded store is on. */
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Gauge, type Registry } from 'prom-client';

/** The files of the database: everything, and what was committed since it was last copied into the first. */
const files = { database: 'badged.db', log: 'badged.db-wal' } as const;

export function reportDataDirectory(directory: string, registry: Registry): void {
  new Gauge({
    name: 'badged_data_file_bytes',
    help: 'Size of the database file and of its write-ahead log.',
    labelNames: ['file'],
    registers: [registry],
    async collect() {
      for (const [file, name] of Object.entries(files))
        this.set({ file }, await sizeOf(join(directory, name)));
    },
  });
  reportDisk(directory, registry);
}

function reportDisk(directory: string, registry: Registry): void {
  new Gauge({
    name: 'badged_data_disk_free_bytes',
    help: 'Free space on the disk of the data directory.',
    registers: [registry],
    async collect() {
      const { bavail, bsize } = await statfs(directory);
      this.set(bavail * bsize);
    },
  });
  new Gauge({
    name: 'badged_data_disk_bytes',
    help: 'Size of the disk of the data directory.',
    registers: [registry],
    async collect() {
      const { blocks, bsize } = await statfs(directory);
      this.set(blocks * bsize);
    },
  });
}

/** SQLite deletes the log when the last connection closes. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
