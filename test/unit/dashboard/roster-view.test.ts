import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridMove } from '#dashboard/core/grid-keys.ts'
import { columnIds, columnsOf } from '#dashboard/core/roster-columns.ts'
import { parseView, plainView, queryOf, shownSort, sortedBy } from '#dashboard/core/roster-view.ts'
import type { RosterView } from '#dashboard/core/roster-view.ts'
import { offsetsOf, rowAt, rowsInWindow } from '#dashboard/core/row-window.ts'
import { rosterFilters, rosterSorts } from '#domain/live/roster-kinds.ts'
import { TeamId } from '#domain/on-call/duty.ts'

describe('the address of the list', () => {
  const views: fc.Arbitrary<RosterView> = fc.record({
    filter: fc.constantFrom(...rosterFilters),
    teamId: fc.constantFrom(null, TeamId.parse('north')),
    sort: fc.constantFrom(null, ...rosterSorts),
    descending: fc.boolean(),
    hidden: fc.subarray([...columnIds]),
  })

  it('keeps view, team, order and hidden columns', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(parseView(queryOf(view))).toEqual(view)
      }),
    )
  })

  it('has no place for what somebody searches for, and leaves out whatever it does not know', () => {
    expect(parseView('search=Smith&view=unknown&sort=name&team=%00&hide=label,rate&desc=yes')).toEqual({
      ...plainView,
      hidden: ['rate'],
    })
    expect(queryOf({ ...plainView, search: 'Smith' } as RosterView)).toBe('')
  })

  it('turns the order round when the same column is asked for again, also where the view chose it', () => {
    const supply = parseView('view=supply')
    expect(shownSort(supply)).toBe('time-left')
    expect(sortedBy(supply, 'time-left', shownSort(supply))).toMatchObject({ sort: 'time-left', descending: true })
    expect(sortedBy({ ...supply, descending: true }, 'rate', 'time-left')).toMatchObject({ descending: false })
  })

  it('never hides the identity', () => {
    expect(columnsOf('supply', columnIds)).toEqual(['label', 'ends-home', 'next'])
  })
})

describe('a window of rows', () => {
  const size = { height: 440, offsets: offsetsOf(new Map(), 44, 5000) }

  it('holds what is seen and a few rows around, however long the list is', () => {
    const rows = rowsInWindow({ ...size, scrollTop: 44_000, kept: null })
    expect(rows[0]).toBe(992)
    expect(rows.at(-1)).toBe(1018)
  })

  it('keeps the row that has the focus, in its place', () => {
    expect(rowsInWindow({ ...size, scrollTop: 44_000, kept: 3 })[0]).toBe(3)
    expect(rowsInWindow({ ...size, scrollTop: 0, kept: 4999 }).at(-1)).toBe(4999)
    expect(rowsInWindow({ ...size, scrollTop: 0, kept: 5000 }).at(-1)).toBe(18)
  })

  it('leaves to a row the room that it was found to need', () => {
    const offsets = offsetsOf(
      new Map([
        [0, 80],
        [2, 62],
      ]),
      44,
      4,
    )
    expect([...offsets]).toEqual([0, 80, 124, 186, 230])
    expect([-1, 0, 79, 80, 185, 186, 900].map((y) => rowAt(offsets, y))).toEqual([0, 0, 0, 1, 2, 3, 3])
  })

  const heights = fc.dictionary(fc.nat({ max: 200 }).map(String), fc.integer({ min: 20, max: 400 }))
  const lists = fc
    .record({ heights, least: fc.integer({ min: 20, max: 120 }), count: fc.integer({ min: 0, max: 5_000 }) })
    .map((one) => ({
      count: one.count,
      offsets: offsetsOf(
        new Map(Object.entries(one.heights).map(([row, px]) => [Number(row), px])),
        one.least,
        one.count,
      ),
    }))

  it('is in order, without repetition, inside the list and without a hole in what is seen, whatever is asked', () => {
    const asked = fc.record({
      list: lists,
      scrollTop: fc.integer({ min: 0, max: 300_000 }),
      height: fc.integer({ min: 0, max: 2_000 }),
      kept: fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 6_000 })),
    })
    fc.assert(
      fc.property(asked, ({ list: { count, offsets }, scrollTop, height, kept }) => {
        const rows = rowsInWindow({ scrollTop, height, kept, offsets })
        expect(rows).toEqual([...new Set(rows)].toSorted((a, b) => a - b))
        expect(rows.every((row) => row >= 0 && row < count)).toBe(true)
        const seen = Array.from({ length: count }, (_, row) => row).filter(
          (row) => (offsets[row + 1] ?? 0) > scrollTop && (offsets[row] ?? 0) < scrollTop + height,
        )
        expect(seen.filter((row) => !rows.includes(row))).toEqual([])
      }),
    )
  })
})

const key = (name: string, ctrl = false) => ({ key: name, ctrl })

describe('keys of the list', () => {
  const size = { rows: 100, columns: 5, page: 10 }
  const at = { row: 50, column: 2 }

  it.each([
    ['ArrowDown', false, { row: 51, column: 2 }],
    ['ArrowRight', false, { row: 50, column: 3 }],
    ['PageUp', false, { row: 40, column: 2 }],
    ['Home', false, { row: 50, column: 0 }],
    ['End', true, { row: 99, column: 4 }],
    ['Home', true, { row: 0, column: 0 }],
  ] as const)('%s (with control: %s) leads to its cell', (name, ctrl, to) => {
    expect(gridMove(at, key(name, ctrl), size)).toEqual(to)
  })

  it('reach the head, stop at the edges, and follow the direction of writing', () => {
    expect(gridMove({ row: 0, column: 0 }, key('ArrowUp'), size)).toEqual({ row: -1, column: 0 })
    expect(gridMove({ row: 99, column: 4 }, key('ArrowDown'), size)).toEqual({ row: 99, column: 4 })
    expect(gridMove(at, key('ArrowRight'), size, true)).toEqual({ row: 50, column: 1 })
    expect(gridMove(at, key('x'), size)).toBeNull()
  })
})
