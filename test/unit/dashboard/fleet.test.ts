import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { densityOf } from '#dashboard/core/density.ts'
import { cell, fleetPicture, sameCells } from '#dashboard/core/fleet-cells.ts'
import { cellAfter, cellAt, cellsAround, centreOf, fleetLayout, nearest } from '#dashboard/core/fleet-layout.ts'
import { fleetOrder } from '#dashboard/core/fleet-order.ts'
import { HubId, PumpId } from '#domain/ids.ts'
import { alarmOf, hubOf, lind, pumpOf, someTime } from '#test/support/live-fixtures.ts'

const [a, b, c] = ['P-1', 'P-2', 'P-3'].map((id) => PumpId.parse(id)) as [PumpId, PumpId, PumpId]
const pumps = new Map([
  [a, pumpOf(a)],
  [b, pumpOf(b, { sampledAt: someTime - 61_000 })],
  [c, pumpOf(c, { sample: null, sampledAt: null })],
])

describe('the fleet map', () => {
  it('has one cell for each pump, hubs by name and pumps by label', () => {
    const hubs = new Map([
      [HubId.parse('h-9'), hubOf('h-9', { name: 'Hub 2' })],
      [HubId.parse('h-1'), hubOf('h-1', { name: 'Hub 10' })],
    ])
    const placed = [
      pumpOf('P-1', { hubId: HubId.parse('h-1') }),
      pumpOf('P-2', { hubId: HubId.parse('h-9'), label: 'Bed 10' }),
      pumpOf('P-3', { hubId: HubId.parse('h-9'), label: 'Bed 9' }),
    ]
    expect(fleetOrder(placed, hubs)).toEqual(['P-3', 'P-2', 'P-1'])
  })

  it('tells a value that is old, and a pump nothing was heard of, from one that is quiet', () => {
    const { cells, facts } = fleetPicture([a, b, c], pumps, [], someTime)
    expect([...cells]).toEqual([0, cell.stale, cell.never])
    expect(facts).toEqual({ pumps: 3, reporting: 1, stale: 1 })
  })

  it('believes no value while the server’s time is not known, nor of a pump whose link is lost', () => {
    expect(fleetPicture([a], pumps, [], null).cells[0]).toBe(cell.stale)
    const lost = new Map([[a, pumpOf(a, { link: 'lost' })]])
    expect(fleetPicture([a], lost, [], someTime).cells[0]).toBe(cell.stale)
  })

  it('shows the most urgent alarm of a pump, as an outline when somebody has it', () => {
    const low = alarmOf('low', { pumpId: a, priority: 'low' })
    const high = alarmOf('high', { pumpId: a })
    expect(fleetPicture([a], pumps, [low, high], someTime).cells[0]).toBe(3)
    const taken = alarmOf('high', { pumpId: a, response: 'accepted', owner: lind })
    expect(fleetPicture([a], pumps, [taken], someTime).cells[0]).toBe(3 | cell.quietened)
  })

  it('marks every pump of a hub nobody hears', () => {
    const hub = alarmOf('hub', { pumpId: null, priority: 'medium', code: 'link-lost-hub', unverifiedPumps: [a, b] })
    const { cells } = fleetPicture([a, b, c], pumps, [hub], someTime)
    expect([...cells].map((bits) => bits & cell.priority)).toEqual([2, 2, 0])
  })

  it('knows when nothing has changed', () => {
    expect(sameCells(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(sameCells(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(sameCells(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false)
  })

  it('finds every cell where it is drawn, and holds all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000 }), fc.integer({ min: 120, max: 1_200 }), (count, width) => {
        const layout = fleetLayout(count, width)
        expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(count)
        expect(layout.width).toBeLessThanOrEqual(width)
        for (const index of [0, Math.floor(count / 2), count - 1]) {
          const { x, y } = centreOf(layout, index)
          expect(cellAt(layout, count, x, y)).toBe(index)
        }
      }),
    )
  })

  it('stays on the map by arrow keys', () => {
    const layout = fleetLayout(50, 110)
    expect(cellAfter(layout, 50, 0, 'ArrowLeft')).toBe(0)
    expect(cellAfter(layout, 50, 0, 'ArrowRight')).toBe(1)
    expect(cellAfter(layout, 50, 49, 'ArrowDown')).toBe(49)
    expect(cellAfter(layout, 50, 20, 'Home')).toBe(0)
    expect(cellAfter(layout, 50, 20, 'End')).toBe(49)
    expect(cellAfter(layout, 50, 20, 'x')).toBeNull()
  })

  it('knows which cells stand around one: all that are so near, also at the edges', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.nat(599),
        fc.integer({ min: 100, max: 500 }),
        (count, at, width) => {
          const layout = fleetLayout(count, width)
          const index = at % count
          const from = centreOf(layout, index)
          const near = Array.from({ length: count }, (_, other) => other).filter((other) => {
            const { x, y } = centreOf(layout, other)
            // Centres stand in a grid: a hundredth of a pixel is rounding.
            return Math.abs(x - from.x) < 24 - 0.01 && Math.abs(y - from.y) < 24 - 0.01
          })
          const around = cellsAround(layout, count, index, 24)
          expect(near.filter((other) => !around.includes(other))).toEqual([])
          expect(around.every((other) => other < count)).toBe(true)
          expect(around.length).toBeLessThanOrEqual((2 * 4 + 1) ** 2)
        },
      ),
    )
  })

  it('takes a press beside an alarm’s cell for the alarm', () => {
    const layout = fleetLayout(5_000, 400)
    const { x, y } = centreOf(layout, 300)
    expect(nearest(layout, [300], x + 7, y, 9)).toBe(300)
    expect(nearest(layout, [300], x + 20, y, 9)).toBeNull()
  })
})

describe('the pumps beside the queue', () => {
  it('are large tiles up to 24, compact ones up to 200, then a map; or as somebody wants them', () => {
    expect([1, 24, 25, 200, 201, 5_000].map((count) => densityOf(count, 'auto'))).toEqual([
      'large',
      'large',
      'compact',
      'compact',
      'map',
      'map',
    ])
    expect(densityOf(5_000, 'compact')).toBe('compact')
  })
})
