/** How a number is written where there is little room: on an icon, in a title. Pure. */

/** Nothing for 0, and "99+" for what is beyond the largest number that is written out. */
export function cappedCount(count: number, max: number): string {
  if (count <= 0) return '';
  return count > max ? `${max}+` : String(count);
}

/** A title has room for the whole number. */
export function titlePrefix(count: number): string {
  return count > 0 ? `(${count}) ` : '';
}

/**
 * What the page wants its title to be, from a title that the page may have made of what it read there. A title's
 * white space is collapsed when it is read, so of a title that is empty but for the prefix, no space is left.
 */
export function withoutPrefix(title: string, prefix: string): string {
  const bare = prefix.trimEnd();
  return bare !== '' && title.startsWith(bare) ? title.slice(bare.length).trimStart() : title;
}
