import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HubId, PumpId } from '#domain/ids.ts'
import type { LiveSnapshot, SnapshotPart } from '#domain/live/messages.ts'
import { nextPartSize, partLimits, SnapshotParts } from '#server/core/snapshot-parts.ts'
import { alarmOf, hubOf, pumpOf, someTime } from '#test/support/live-fixtures.ts'

const pumpId = (at: number): PumpId => PumpId.parse(`pump-${at}`)
const hubId = (at: number): HubId => HubId.parse(`hub-${at}`)

const snapshotOf = (alarms: number, pumps: number, hubs: number): LiveSnapshot => ({
  at: { epoch: 'epoch-1', seq: 7 },
  serverAt: someTime,
  alarms: Array.from({ length: alarms }, (_, at) => {
    const place = { pumpId: at % 5 === 0 ? null : pumpId((at * 3) % pumps), hubId: hubId(at % hubs) }
    return alarmOf(`ep-${at}`, { ...place, unverifiedPumps: at % 5 === 0 ? [pumpId((at * 7) % pumps)] : [] })
  }),
  pumps: Array.from({ length: pumps }, (_, at) => pumpOf(pumpId(at), { hubId: hubId(at % hubs) })),
  hubs: Array.from({ length: hubs }, (_, at) => hubOf(hubId(at))),
  paged: [],
})

const partsOf = (snapshot: LiveSnapshot, sizes: readonly number[]): readonly SnapshotPart[] => {
  const pumps = new Map(snapshot.pumps.map((pump) => [pump.pumpId, pump]))
  const hubs = new Map(snapshot.hubs.map((hub) => [hub.hubId, hub]))
  const parts = new SnapshotParts({
    snapshot: () => snapshot,
    pump: (id) => pumps.get(id) ?? null,
    hub: (id) => hubs.get(id) ?? null,
  })
  const told: SnapshotPart[] = []
  for (let at = 0; ; at++) {
    const part = parts.next(sizes[at % sizes.length] ?? 10)
    if (part === null) return told
    told.push(part)
  }
}

describe('W17: the parts of a snapshot', () => {
  it('say everything once, alarms first, each with its pumps and its hub, and none is much larger than was asked for', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: 10, max: 40 }), { minLength: 1, maxLength: 6 }),
        (alarms, pumps, hubs, sizes) => {
          const snapshot = snapshotOf(alarms, pumps, hubs)
          const parts = partsOf(snapshot, sizes)
          expect(parts.map(({ part }) => part)).toEqual(parts.map((_, at) => at))
          expect(parts.flatMap((part) => part.alarms)).toEqual(snapshot.alarms)
          expect(new Set(parts.flatMap((part) => part.pumps))).toEqual(new Set(snapshot.pumps))
          expect(parts.flatMap((part) => part.pumps)).toHaveLength(pumps)
          expect(parts.flatMap((part) => part.hubs)).toHaveLength(hubs)
          expect(parts.filter(({ whole }) => whole)).toEqual(parts.slice(-1))
          const known = new Set<string>()
          for (const [at, part] of parts.entries()) {
            for (const pump of part.pumps) known.add(pump.pumpId)
            for (const hub of part.hubs) known.add(hub.hubId)
            for (const alarm of part.alarms) {
              for (const id of [alarm.pumpId, ...alarm.unverifiedPumps]) expect(id === null || known.has(id)).toBe(true)
              expect(alarm.hubId === null || known.has(alarm.hubId)).toBe(true)
            }
            const told = parts.slice(0, at + 1).flatMap((one) => one.alarms).length
            expect(part.alarmsWhole).toBe(told === alarms)
            const size = part.alarms.length + part.pumps.length + part.hubs.length
            expect(size).toBeLessThanOrEqual(2 * (sizes[at % sizes.length] ?? 0))
          }
        },
      ),
    )
  })

  it('are one, and say so, where there is nothing', () => {
    const empty = { ...snapshotOf(0, 1, 1), pumps: [], hubs: [] }
    expect(partsOf(empty, [10])).toMatchObject([{ part: 0, alarmsWhole: true, whole: true, pumpCount: 0 }])
  })

  it('tell pumps and hubs as they are when their part leaves', () => {
    const snapshot = snapshotOf(0, 2, 1)
    const parts = new SnapshotParts({
      snapshot: () => snapshot,
      pump: (id) => pumpOf(id, { label: 'now' }),
      hub: (id) => hubOf(id, { name: 'now' }),
    })
    const part = parts.next(10)
    expect(part?.pumps.map(({ label }) => label)).toEqual(['now', 'now'])
    expect(part?.hubs.map(({ name }) => name)).toEqual(['now'])
  })

  it('grow while they are taken quickly and shrink to what a slow line takes in a second', () => {
    expect(nextPartSize(100, 3)).toBe(200)
    expect(nextPartSize(200, 3)).toBe(partLimits.most)
    expect(nextPartSize(200, 600)).toBe(200)
    expect(nextPartSize(200, 4_000)).toBe(50)
    expect(nextPartSize(20, 60_000)).toBe(partLimits.least)
  })
})
