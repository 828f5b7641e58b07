import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasSeq, rangeChanges, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'

const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })

describe('a set of numbers kept as ranges', () => {
  it('joins neighbours and closes gaps', () => {
    expect(withSeqs([], [3, 1, 2, 9])).toEqual([
      [1, 3],
      [9, 9],
    ])
    expect(
      withSeqs(
        [
          [1, 3],
          [9, 9],
        ],
        [8, 4, 5, 6, 7],
      ),
    ).toEqual([[1, 9]])
  })

  it('holds exactly what was put in, in the fewest ranges, for any order and repetition', () => {
    fc.assert(
      fc.property(fc.array(numbers), (batches) => {
        const ranges = batches.reduce<SeqRanges>(withSeqs, [])
        const all = new Set(batches.flat())
        for (let seq = 0; seq <= 61; seq += 1) expect(hasSeq(ranges, seq)).toBe(all.has(seq))
        for (const [place, range] of ranges.entries()) {
          const before = ranges[place - 1]
          if (before !== undefined) expect(range[0]).toBeGreaterThan(before[1] + 1)
        }
      }),
    )
  })

  it('tells a store what to change', () => {
    fc.assert(
      fc.property(numbers, numbers, (old, more) => {
        const before = withSeqs([], old)
        const after = withSeqs(before, more)
        const stored = new Map(before.map(([first, last]) => [first, last]))
        const { gone, put } = rangeChanges(before, after)
        for (const first of gone) expect(stored.delete(first)).toBe(true)
        for (const [first, last] of put) stored.set(first, last)
        expect([...stored].toSorted(([a], [b]) => a - b)).toEqual(after)
      }),
    )
  })
})
