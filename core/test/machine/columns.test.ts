/** Columns and the index over rows: what they hold, and that adding a row moves no more than a few others. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DoubleColumn, hashPair, NumberColumn, RowIndex } from '../../src/machine/columns.js';

describe('a column', () => {
  test('holds every row that was written, also in pages written out of order, and 0 elsewhere', () => {
    const column = new DoubleColumn();
    const rows = [70_000, 3, 65_535, 65_536, 400_000, 131_071];
    for (const row of rows) column.set(row, row + 0.5);
    for (const row of rows) expect(column.get(row)).toBe(row + 0.5);
    for (const row of [0, 4, 69_999, 70_001, 200_000, 400_001, 900_000]) expect(column.get(row)).toBe(0);
    expect(column.bytes, 'pages without a row take nothing').toBeLessThan(8 * 65_536 * 5);
  });

  test('copies a page at most when it grows, at any size', () => {
    const column = new NumberColumn();
    let most = 0;
    let before = 0;
    for (let row = 0; row < 400_000; row += 1) {
      column.set(row, row);
      if (row % 64 !== 0) continue;
      most = Math.max(most, column.bytes - before);
      before = column.bytes;
    }
    expect(most).toBeLessThan(4 * 65_536);
    expect(before).toBeLessThan(4 * 400_000 * 1.5);
  });
});

describe('the index over rows', () => {
  test('finds exactly the rows that were inserted and not removed, whatever their hashes are', () => {
    const hash = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 16, 0x8000_0000));
    const steps = fc.array(fc.record({ hash, isRemoval: fc.boolean() }), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (all) => {
        const hashes = new Map<number, number>();
        const removed = new Map<number, number>();
        const index = new RowIndex((row) => hashes.get(row) ?? 0);
        for (const [step, one] of all.entries()) {
          const [row] = hashes.keys();
          if (one.isRemoval && row !== undefined) {
            index.remove(row);
            removed.set(row, hashes.get(row) ?? 0);
            hashes.delete(row);
          } else {
            hashes.set(step + 1, one.hash);
            index.insert(step + 1);
          }
        }
        for (const [row, at] of hashes) expect(index.find(at, (other) => other === row)).toBe(row);
        for (const [row, at] of removed) expect(index.find(at, (other) => other === row)).toBe(0);
      }),
    );
  });

  test('an insertion moves a few rows at any size, and a search compares a few', () => {
    let hashed = 0;
    const index = new RowIndex((row) => {
      hashed += 1;
      return hashPair(row, 7);
    });
    let most = 0;
    for (let row = 1; row <= 200_000; row += 1) {
      hashed = 0;
      index.insert(row);
      most = Math.max(most, hashed);
    }
    expect(most).toBeLessThan(20);
    let compared = 0;
    for (let row = 1; row <= 200_000; row += 1) {
      index.find(hashPair(row, 7), (other) => {
        compared += 1;
        return other === row;
      });
    }
    expect(compared / 200_000).toBeLessThan(2);
  });
});
