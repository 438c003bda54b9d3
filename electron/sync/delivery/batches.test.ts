import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectRow } from '../../ports/store.ts'
import { isBatch } from '../../network/protocols/objects/object-push.ts'
import { batches as cut } from './batches.ts'

const batches = (rows: readonly ObjectRow[]) => cut(rows, ({ bytes }) => bytes.length)
const rowOf = (size: number, i: number) => ({ objectId: `${i}`, bytes: new Uint8Array(size) }) as unknown as ObjectRow

describe('batches', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 20_000, max: 120_000 })), { maxLength: 200 })

  it('hold every object once, in order, and each part may travel', () => {
    fc.assert(
      fc.property(sizes, (all) => {
        const rows = all.map(rowOf)
        const parts = batches(rows)
        expect(parts.flat()).toEqual(rows)
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0)
          expect(part.length).toBeLessThanOrEqual(64)
          expect(isBatch(part)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('are no more than needed: two neighbours never fit into one', () => {
    fc.assert(
      fc.property(sizes, (all) => {
        const parts = batches(all.map(rowOf))
        for (const [i, part] of parts.entries()) {
          const next = parts[i + 1]?.[0]
          if (next !== undefined) expect(part.length === 64 || !isBatch([...part, next])).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('let an object that is too large for any batch travel alone', () => {
    expect(batches([10, 100_000, 10].map(rowOf)).map((part) => part.length)).toEqual([1, 1, 1])
  })
})
