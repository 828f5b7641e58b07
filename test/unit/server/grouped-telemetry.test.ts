import { describe, expect, it } from 'vitest'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { groupedReceipts, groupedWrites, storeElsewhere } from '#server/core/grouped-telemetry.ts'
import type { HubReceipts, JournalEffects, TelemetryPoint } from '#server/core/ports.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { telemetry } from '#test/support/uplink-records.ts'

const points = (hub: string, from: number, count: number): readonly TelemetryPoint[] =>
  Array.from({ length: count }, (_, nth) => ({
    hubId: HubId.parse(hub),
    pumpId: PumpId.parse(`pump-${hub}`),
    bootId: BootId.parse('boot-1'),
    seq: from + nth,
    occurredAt: instant(1_000 + nth),
    late: false,
    sample: telemetry(1).body,
  }))

const name = ({ hubId, seq }: TelemetryPoint): string => `${hubId}/${seq}`

const effects = (hub: string, seq: number): JournalEffects => ({
  at: instant(1),
  appends: [],
  hubId: HubId.parse(hub),
  received: [{ lane: 'telemetry', bootId: BootId.parse('boot-1'), seq, hash: null }],
  records: [],
})

const openStore = () => {
  const clock = new ManualClock()
  const written: (readonly TelemetryPoint[])[] = []
  const bad = new Set<string>()
  const poison = new Set<string>()
  const store = groupedWrites(
    {
      write: async (all) => {
        if (all.some((point) => poison.has(name(point)))) throw new Error('cannot be written')
        written.push(all)
        const refused = all.flatMap((point, index) => (bad.has(name(point)) ? [{ index, reason: 'bad' }] : []))
        return { refused }
      },
    },
    clock,
  )
  return { clock, written, bad, poison, store }
}

describe('samples of many hubs', () => {
  it('that come in one turn are written in one go, and each hub hears of its own', async () => {
    const { clock, written, bad, store } = openStore()
    bad.add('b/2').add('c/1')
    const answers = ['a', 'b', 'c'].map((hub) => store.write(points(hub, 1, 3)))
    expect(written).toEqual([])
    await clock.advanceAsync(0)
    expect(written.map(({ length }) => length)).toEqual([9])
    expect(await Promise.all(answers)).toEqual([
      { refused: [] },
      { refused: [{ index: 1, reason: 'bad' }] },
      { refused: [{ index: 0, reason: 'bad' }] },
    ])
  })

  it('are nobody’s before they are written', async () => {
    const { clock, store } = openStore()
    let answered = false
    const answer = store.write(points('a', 1, 1)).then(() => (answered = true))
    await Promise.resolve()
    expect(answered).toBe(false)
    await clock.advanceAsync(0)
    await answer
  })

  it('do not hold up each other’s: what fails together is tried alone', async () => {
    const { clock, written, poison, store } = openStore()
    poison.add('b/1')
    const answers = ['a', 'b', 'c'].map((hub) => store.write(points(hub, 1, 2)))
    const settled = Promise.allSettled(answers)
    await clock.advanceAsync(0)
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(written.flat().map(({ hubId }) => hubId)).toEqual(['a', 'a', 'c', 'c'])
  })

  it('after an outage go in pieces, so that an alarm has its turn in between', async () => {
    const { clock, written, store } = openStore()
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((hub) => store.write(points(hub, 1, 500)))
    const huge = store.write(points('g', 1, 2_500))
    await clock.advanceAsync(0)
    await Promise.all([...answers, huge])
    expect(written.map(({ length }) => length)).toEqual([2_000, 1_000, 2_500])
    expect(clock.pending).toBe(0)
  })
})

/** A store whose writes end when they are told to. */
const openStoreElsewhere = () => {
  const clock = new ManualClock()
  const onTheirWay: { readonly points: number; readonly end: PromiseWithResolvers<void> }[] = []
  const store = groupedWrites(
    {
      write: async (all) => {
        const end = Promise.withResolvers<void>()
        onTheirWay.push({ points: all.length, end })
        await end.promise
        return { refused: [] }
      },
    },
    clock,
    storeElsewhere,
  )
  return { clock, onTheirWay, store }
}

describe('samples for a store elsewhere', () => {
  it('wait for company while two writes are on their way', async () => {
    const { clock, onTheirWay, store } = openStoreElsewhere()
    const answers: unknown[] = []
    for (const hub of ['a', 'b', 'c', 'd', 'e']) {
      answers.push(store.write(points(hub, 1, 100)))
      await clock.advanceAsync(0)
    }
    expect(onTheirWay.map(({ points: count }) => count)).toEqual([100, 100])
    onTheirWay[0]?.end.resolve()
    await clock.advanceAsync(0)
    expect(onTheirWay.map(({ points: count }) => count)).toEqual([100, 100, 300])
    for (const { end } of onTheirWay) end.resolve()
    await Promise.all(answers)
    expect(clock.pending).toBe(0)
  })

  it('fail together: nobody asks a store that is away once more for each hub', async () => {
    const { clock, onTheirWay, store } = openStoreElsewhere()
    const settled = Promise.allSettled(['a', 'b', 'c'].map((hub) => store.write(points(hub, 1, 2))))
    await clock.advanceAsync(0)
    onTheirWay[0]?.end.reject(new Error('away'))
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(onTheirWay).toHaveLength(1)
  })
})

describe('numbers of stored samples', () => {
  it('are committed together, and every hub waits for the commit', async () => {
    const clock = new ManualClock()
    const added: (readonly HubReceipts[])[] = []
    const journal = groupedReceipts(async (all) => void added.push(all), clock)
    const waiting = [journal.commit(effects('a', 1)), journal.commit(effects('b', 7))]
    await clock.advanceAsync(0)
    await Promise.all(waiting)
    expect(added.map((all) => all.map(({ hubId, received }) => [hubId, received[0]?.seq]))).toEqual([
      [
        ['a', 1],
        ['b', 7],
      ],
    ])
  })

  it('travel without alarms', async () => {
    const journal = groupedReceipts(async () => {}, new ManualClock())
    await expect(journal.commit({ ...effects('a', 1), hubId: null })).rejects.toThrow(TypeError)
  })
})
