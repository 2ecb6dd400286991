/** How a count is written on an icon and in a title. Pure. */

/** Empty for 0, and "99+" above the largest number that is written out. */
export function cappedCount(count: number, max: number): string {
  if (count <= 0) return '';
  return count > max ? `${max}+` : String(count);
}

/** The whole number: a title has room for it. */
export function titlePrefix(count: number): string {
  return count > 0 ? `(${count}) ` : '';
}

/**
 * The page's own title, from one that the page may have derived from a title with the prefix. Browsers collapse white
 * space when a title is read, so a title that is only the prefix has no space at its end.
 */
export function withoutPrefix(title: string, prefix: string): string {
  const bare = prefix.trimEnd();
  return bare !== '' && title.startsWith(bare) ? title.slice(bare.length).trimStart() : title;
}
