/** Replaces text of the built program when it is loaded. */
const files = { lock: 'append.js', lookup: 'append.js', 'next-version': 'migrations.js' };

const mutations = {
  // The primary key alone would make the second of two batches wait and fail: without the lock, it has to go as well.
  lock: [
    [' for update', ''],
    ['with ordinality as line (event, n)`', 'with ordinality as line (event, n) on conflict do nothing`'],
  ],
  lookup: [['found?.batch === batch.id', 'false']],
  // A version with more migrations.
  'next-version': [
    [
      "fileURLToPath(new URL('../../../migrations/postgres', import.meta.url))",
      'process.env.BADGED_MIGRATIONS',
    ],
  ],
};

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  const { BADGED_MUTATION: name } = process.env;
  if (!url.endsWith(`/store/postgres/${files[name]}`)) return loaded;
  let source = String(loaded.source);
  for (const [before, after] of mutations[name]) {
    if (!source.includes(before)) throw new Error(`There is no ${before} to be changed.`);
    source = source.replace(before, after);
  }
  return { ...loaded, source };
}
