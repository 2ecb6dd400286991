/**
 * HalfSipHash-1-3: a keyed hash of 32 bits for tables whose keys are chosen by callers, as Linux uses it. Without the key, no
 * caller can choose texts that have the same hash. (Aumasson and Bernstein, https://github.com/veorq/SipHash)
 */

/** Of `length` bytes from `begin`. The key begins with two secret numbers of 32 bits. */
export function halfSipHash(
  [k0, k1]: readonly [number, number, ...unknown[]],
  bytes: Uint8Array,
  begin: number,
  length: number,
): number {
  let v0 = k0 | 0;
  let v1 = k1 | 0;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  const words = length >>> 2;
  // One turn for each word of four bytes, one for the last bytes and the length, and three to finish.
  for (let turn = 0; turn < words + 4; turn += 1) {
    let word = 0;
    if (turn < words) {
      const at = begin + turn * 4;
      word =
        (bytes[at] ?? 0) |
        ((bytes[at + 1] ?? 0) << 8) |
        ((bytes[at + 2] ?? 0) << 16) |
        ((bytes[at + 3] ?? 0) << 24);
    } else if (turn === words) {
      word = length << 24;
      for (let left = (length & 3) - 1; left >= 0; left -= 1)
        word |= (bytes[begin + words * 4 + left] ?? 0) << (8 * left);
    } else if (turn === words + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = (v1 << 5) | (v1 >>> 27);
    v1 ^= v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = (v3 << 8) | (v3 >>> 24);
    v3 ^= v2;
    v0 = (v0 + v3) | 0;
    v3 = (v3 << 7) | (v3 >>> 25);
    v3 ^= v0;
    v2 = (v2 + v1) | 0;
    v1 = (v1 << 13) | (v1 >>> 19);
    v1 ^= v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}
