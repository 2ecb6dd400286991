/** The results of the promises, by their names. */
export async function together<T extends Readonly<Record<string, unknown>>>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
export async function together(promises: Readonly<Record<string, unknown>>): Promise<unknown> {
  const names = Object.keys(promises);
  const results = await Promise.all(Object.values(promises));
  return Object.fromEntries(names.map((name, index) => [name, results[index]]));
}
