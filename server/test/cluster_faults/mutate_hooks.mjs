/** Replaces text of the built append.js when it is loaded. */
const mutations = {
  // The primary key alone would make the second of two batches wait and fail: without the lock, it has to go as well.
  lock: [
    [' for update', ''],
    ['with ordinality as line (event, n)`', 'with ordinality as line (event, n) on conflict do nothing`'],
  ],
  lookup: [['found?.batch === batch.id', 'false']],
};

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith('/store/postgres/append.js')) return loaded;
  let source = String(loaded.source);
  for (const [before, after] of mutations[process.env.BADGED_MUTATION] ?? []) {
    if (!source.includes(before)) throw new Error(`There is no ${before} to be changed.`);
    source = source.replace(before, after);
  }
  return { ...loaded, source };
}
