import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { openJournal, type Journal } from '#server/adapters/sqlite/open-journal.ts'
import { BucketFold } from '#server/core/history-buckets.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'
import { Expiry } from '#server/core/roll-ups/expiry.ts'
import { LongHistory } from '#server/core/roll-ups/long-history.ts'
import { RollUps } from '#server/core/roll-ups/roll-ups.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { MemoryTelemetryStore } from '#test/support/memory-telemetry-store.ts'

const minute = 60_000
const day = 86_400_000
const hubId = HubId.parse('hub-1')
const bootId = BootId.parse('boot-1')
const pump = PumpId.parse('PUMP-A')
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let seq = 0
const point = (at: number, rateMlPerHour = 5, pumpId = pump): TelemetryPoint => ({
  hubId,
  pumpId,
  bootId,
  seq: (seq += 1),
  occurredAt: instant(at),
  late: false,
  sample: { ...emptySample(ChannelId.parse('1'), pumpId), operatingState: 'infusing', rateMlPerHour },
})

const bench = (file = ':memory:') => {
  const clock = new ManualClock()
  const store = new MemoryTelemetryStore()
  const journal: Journal = openJournal(file)
  onTestFinished(async () => {
    if (journal.database.isOpen) await journal.alarms[Symbol.asyncDispose]()
  })
  const due = journal.dueMinutes
  const pumps = new Set([pump])
  const rollUps = new RollUps({ store, due, pumps: () => [...pumps], clock, scheduler: clock, log })
  const history = new LongHistory({ store, due, sampleDays: 90, clock, log })
  /** As ingest does it: the store, then the numbers with what they stand for. */
  const arrive = async (points: readonly TelemetryPoint[]) => {
    await store.write(points)
    const received = points.map((one) => ({ lane: 'telemetry' as const, bootId, seq: one.seq, hash: null }))
    const stored = points.map((one) => ({
      pumpId: one.pumpId,
      at: one.occurredAt,
      bootId,
      seq: one.seq,
      late: one.late,
      of: 0,
    }))
    await journal.receipts.addAll([{ hubId, received, stored }])
  }
  const work = async () => {
    for (let step = 0; step < 10_000; step += 1) if (!(await rollUps.step())) return
    throw new Error('there is always more to roll up')
  }
  const rolled = () =>
    [...store.minutes.values()].map(({ at, samples }) => [at, samples]).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
  return { clock, store, journal, due, pumps, rollUps, history, arrive, work, rolled }
}

const now = (clock: ManualClock): number => Math.floor(clock.now() / minute) * minute

describe('roll-ups', () => {
  it('makes a minute once it is over, and again when a late sample comes', async () => {
    const { clock, arrive, work, rolled, due } = bench()
    const began = now(clock)
    await arrive([point(began), point(began + 1000)])
    await work()
    expect(rolled()).toEqual([])
    expect(due.of(pump)).toHaveLength(1)
    clock.advance(2 * minute)
    await work()
    expect([rolled(), due.of(pump)]).toEqual([[[began, 2]], []])
    await arrive([point(began + 30_000)])
    await work()
    expect([rolled(), due.of(pump)]).toEqual([[[began, 3]], []])
  })

  it('does not lose a sample that comes while its minute is made', async () => {
    const { clock, store, arrive, work, rolled } = bench()
    const began = now(clock)
    await arrive([point(began)])
    clock.advance(2 * minute)
    const rollUp = store.rollUp.bind(store)
    let isFirst = true
    store.rollUp = async (spans) => {
      await rollUp(spans)
      if (isFirst) await arrive([point(began + 1000)])
      isFirst = false
    }
    await work()
    expect(rolled()).toEqual([[began, 2]])
  })

  it('keeps its marks while the store is down, and over a restart of the server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'due-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'journal.db')
    const first = bench(file)
    const began = now(first.clock)
    await first.work()
    await first.arrive([point(began), point(began + 5 * minute)])
    first.clock.advance(10 * minute)
    first.store.down = true
    await expect(first.rollUps.step()).rejects.toMatchObject({ code: 'SRV_STORE_UNAVAILABLE' })
    await first.journal.alarms[Symbol.asyncDispose]()
    const second = bench(file)
    expect(second.due.of(pump)).toEqual([
      [began / minute, began / minute],
      [began / minute + 5, began / minute + 5],
    ])
    expect(second.due.isComplete(pump)).toBe(true)
  })

  it('rolls up what was stored before it was there, and all of it again in another store', async () => {
    const { clock, store, work, rolled, due } = bench()
    const began = now(clock) - 300 * minute
    await store.write(Array.from({ length: 300 }, (_, index) => point(began + index * minute)))
    clock.advance(minute)
    expect(due.isComplete(pump)).toBe(false)
    await work()
    expect(rolled()).toHaveLength(300)
    await due.openFor('another store')
    expect(due.isComplete(pump)).toBe(false)
  })

  it('gives every pump its turn: a backlog of one does not keep the others waiting', async () => {
    const { clock, pumps, arrive, rollUps, store } = bench()
    const other = PumpId.parse('PUMP-B')
    pumps.add(other)
    const began = now(clock)
    await rollUps.step()
    await arrive(Array.from({ length: 500 }, (_, index) => point(began + index * minute)))
    clock.advance(501 * minute)
    await arrive([point(began + 499 * minute, 5, other)])
    await rollUps.step()
    await rollUps.step()
    const made = Map.groupBy(store.minutes.values(), ({ pumpId }) => pumpId)
    expect([made.get(pump)?.length, made.get(other)?.length]).toEqual([119, 1])
    // The newest first: they are what somebody looks at.
    expect(Math.max(...(made.get(pump) ?? []).map(({ at }) => at))).toBe(began + 499 * minute)
  })
})

describe('old samples', () => {
  it('stay until their minute is made, and go a few at a time', async () => {
    const { clock, store, due, arrive, work } = bench()
    await work()
    const began = now(clock)
    await arrive(Array.from({ length: 100 }, (_, index) => point(began + index * minute)))
    clock.advance(100 * day)
    const days = { samples: 90, minutes: 1000 }
    const expiry = new Expiry({ store, due, days, clock, scheduler: clock, log })
    await expiry.step()
    expect(store.points.size).toBe(100)
    await work()
    await expiry.step()
    expect([store.points.size, store.minutes.size]).toEqual([0, 100])
  })
})

describe('long histories', () => {
  it('are those of the samples, whatever is rolled up and whatever is due', async () => {
    const sample = fc.record({ at: fc.integer({ min: 0, max: 4000 * minute }), rate: fc.integer({ min: 0, max: 99 }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { minLength: 30, maxLength: 120 }),
        fc.array(sample, { maxLength: 6 }),
        fc.integer({ min: 0, max: 90_000 }),
        fc.integer({ min: 0, max: 90_000 }),
        async (early, late, before, behind) => {
          const { clock, store, arrive, work, history } = bench()
          const began = now(clock)
          await arrive(early.map(({ at, rate }) => point(began + at, rate)))
          clock.advance(4000 * minute)
          await work()
          await arrive(late.map(({ at, rate }) => point(began + at, rate)))
          const asked = { from: began + before, to: began + 4000 * minute - behind, maxPoints: 20 }
          const answer = await history.history(pump, asked)
          const origin = began + Math.floor(before / minute) * minute
          const width = answer.resolutionMs
          const fold = new BucketFold(origin, width)
          const rows = [...store.points.values()]
            .filter(({ occurredAt }) => occurredAt >= asked.from && occurredAt < asked.to)
            .toSorted((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq)
          fc.pre(rows.length > asked.maxPoints)
          for (const one of rows)
            fold.add({
              at: one.occurredAt,
              late: false,
              state: 5,
              values: [one.sample.rateMlPerHour, null, null, null, null],
            })
          expect([answer.source, width]).toEqual(['minutes', 200 * minute])
          expect(answer.buckets.length).toBeLessThanOrEqual(21)
          expect(answer.buckets).toEqual(fold.buckets())
        },
      ),
      { numRuns: 20 },
    )
  })

  it('are told sample by sample where they are few, and where the span is short', async () => {
    const { clock, arrive, work, history } = bench()
    const began = now(clock)
    await arrive([point(began), point(began + 1000 * minute)])
    clock.advance(2000 * minute)
    await work()
    const few = await history.history(pump, { from: began, to: began + 2000 * minute, maxPoints: 10 })
    expect([few.resolutionMs, few.source, few.buckets.length]).toEqual([0, undefined, 2])
    const short = await history.history(pump, { from: began, to: began + 10 * minute, maxPoints: 10 })
    expect([short.source, short.buckets.length]).toEqual([undefined, 1])
  })

  it('are read from minutes alone where the samples have expired', async () => {
    const { clock, store, arrive, work, history } = bench()
    const began = now(clock)
    await arrive([point(began), point(began + 5000 * minute)])
    clock.advance(100 * day)
    await work()
    store.points.clear()
    const answer = await history.history(pump, { from: began, to: clock.now(), maxPoints: 1000 })
    expect([answer.source, answer.buckets.length]).toEqual(['minutes', 2])
  })

  it('are read from samples while minutes cannot be read', async () => {
    const { clock, store, arrive, work, history } = bench()
    const began = now(clock)
    await arrive(Array.from({ length: 50 }, (_, index) => point(began + index * 40 * minute)))
    clock.advance(2001 * minute)
    await work()
    const asked = { from: began, to: began + 2000 * minute, maxPoints: 10 }
    expect((await history.history(pump, asked)).source).toBe('minutes')
    store.bucketsOfMinutes = async () => Promise.reject(new Error('no such bucket'))
    expect((await history.history(pump, asked)).buckets.reduce((sum, one) => sum + one.samples, 0)).toBe(50)
  })
})
