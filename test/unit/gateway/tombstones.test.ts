import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { Tombstone } from '#domain/uplink/records.ts'
import { tombstonesOf } from '#gateway/core/tombstones.ts'

const boot = BootId.parse('0b8a9f0e-5d5c-4f5e-8a55-0123456789ab')
const at = (seq: number): { seq: number; wallAt: number } => ({ seq, wallAt: 1_000 + seq })

describe('tombstones', () => {
  it('name exactly what went, leaving out the numbers in between', () => {
    expect(tombstonesOf(boot, [1, 2, 3, 5, 9, 10].map(at), 'thinned')).toEqual([
      {
        id: `1-${boot}`,
        bootId: boot,
        ranges: [
          [1, 3],
          [5, 5],
          [9, 10],
        ],
        count: 6,
        firstWallAt: 1_001,
        lastWallAt: 1_010,
        reason: 'thinned',
      },
    ])
  })

  it('fit the wire for any numbers, name each once, and are named the same the next time (property)', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 40 }), {
      minLength: 1,
      maxLength: 2_500,
      size: 'max',
    })
    fc.assert(
      fc.property(numbers, (seqs) => {
        const tombstones = tombstonesOf(boot, seqs.map(at), 'dropped')
        for (const tombstone of tombstones) expect(Tombstone.safeParse(tombstone).success).toBe(true)
        expect(tombstones.reduce((sum, { count }) => sum + count, 0)).toBe(seqs.length)
        const named = tombstones.flatMap(({ ranges }) =>
          ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n)),
        )
        expect(named).toEqual(seqs.toSorted((a, b) => a - b))
        expect(tombstonesOf(boot, seqs.toReversed().map(at), 'dropped')).toEqual(tombstones)
        expect(new Set(tombstones.map(({ id }) => id)).size).toBe(tombstones.length)
      }),
      { numRuns: 30 },
    )
  })
})
