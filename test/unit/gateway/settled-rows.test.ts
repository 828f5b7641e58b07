import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SettledRows } from '#gateway/adapters/sqlite-outbox/settled-rows.ts'

/** A file's rows: what is settled leaves it with a commit, what is set aside at once. */
class Rows {
  readonly settled = new SettledRows()
  readonly #there: Set<number>

  constructor(count: number) {
    this.#there = new Set(Array.from({ length: count }, (_, n) => n + 1))
  }

  waits = (seq: number): boolean => this.#there.has(seq) && !this.settled.has(seq)

  get waiting(): readonly number[] {
    return [...this.#there].filter(this.waits)
  }

  /** At most `limit` that wait, as an outbox reads them. */
  look(limit: number, after = 0): readonly number[] {
    const { from, settled } = this.settled.behind(after)
    const read = [...this.#there].filter((seq) => seq > from).slice(0, limit + settled)
    this.settled.saw(from, read)
    return read.filter(this.waits).slice(0, limit)
  }

  settle(seqs: readonly number[]): void {
    for (const seq of seqs) this.settled.add(seq)
    this.settled.pass((seq) => this.#there.has(seq))
  }

  setAside(seq: number): void {
    this.#there.delete(seq)
  }

  commit(): void {
    for (const seq of this.settled.values()) this.#there.delete(seq)
    this.settled.clear()
  }
}

describe('settled rows', () => {
  it('of a drain are not read again, with and without looking ahead', () => {
    const rows = new Rows(100)
    rows.settle(rows.look(10))
    expect(rows.settled.behind(0)).toEqual({ from: 10, settled: 0 })
    const onItsWay = rows.look(10)
    const ahead = rows.look(10, 20)
    rows.settle(onItsWay)
    rows.settle(ahead)
    expect(rows.settled.behind(0)).toEqual({ from: 30, settled: 0 })
  })

  it('do not wait for one that was set aside among them', () => {
    const rows = new Rows(100)
    const batch = rows.look(10)
    rows.setAside(4)
    rows.settle(batch.filter((seq) => seq !== 4))
    expect(rows.settled.behind(0)).toEqual({ from: 10, settled: 0 })
  })

  it('never hide one that waits, whatever is looked at, settled, set aside and committed', () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('look' as const), limit: fc.integer({ min: 1, max: 8 }), after: fc.nat(45) }),
      fc.record({
        does: fc.constant('settle' as const),
        seqs: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
      }),
      fc.record({ does: fc.constant('set aside' as const), seq: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ does: fc.constant('commit' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const rows = new Rows(40)
        for (const one of steps) {
          if (one.does === 'look')
            expect(rows.look(one.limit, one.after)).toEqual(
              rows.waiting.filter((seq) => seq > one.after).slice(0, one.limit),
            )
          else if (one.does === 'settle') rows.settle(one.seqs.filter(rows.waits))
          else if (one.does === 'set aside') rows.setAside(one.seq)
          else rows.commit()
          const { from } = rows.settled.behind(0)
          expect(rows.waiting.filter((seq) => seq <= from)).toEqual([])
        }
        expect(rows.look(40)).toEqual(rows.waiting)
      }),
      { numRuns: 500 },
    )
  })
})
