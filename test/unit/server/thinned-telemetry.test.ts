import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { createLivePicture } from '#server/core/live-picture.ts'
import { ingestBench } from '#test/support/ingest-bench.ts'
import { batch, bootId, hubId, pumpId, telemetry } from '#test/support/uplink-records.ts'
import type { ThinnedRecord, TombstoneRecord } from '#domain/uplink/records.ts'

const laterBoot = BootId.parse('boot-2')

/** A minute of boot-1, thinned and numbered by boot-2. */
const thinned = (seq: number, lastMonotonicMs: number): ThinnedRecord => ({
  ...telemetry(seq, { bootId: laterBoot, monotonicMs: 9 }),
  kind: 'thinned',
  body: {
    of: { bootId, firstSeq: 4, firstMonotonicMs: lastMonotonicMs - 59_000, lastMonotonicMs, count: 60 },
    sample: { ...telemetry(1).body, rateMlPerHour: 12, activeAlarms: ['air-in-line'] },
    spread: { rateMlPerHour: { min: 0, max: 40, count: 60 }, linePressureMmHg: null, airAccumulatedMl: null },
  },
})

const tombstone = (seq: number): TombstoneRecord => ({
  ...telemetry(seq, { bootId: laterBoot }),
  lane: 'alarm',
  kind: 'tombstone',
  pumpId: null,
  body: {
    id: `4-${bootId}`,
    bootId,
    ranges: [[4, 63]],
    count: 60,
    firstWallAt: 0,
    lastWallAt: 59_000,
    reason: 'thinned',
  },
})

describe('thinned telemetry', () => {
  it('is stored as a point of its own number, at the time of the boot that measured it', async () => {
    const { ingest, clock, stored, journal } = ingestBench()
    const startOfBoot1 = clock.now() - 3_600_000
    const anchor = { monotonicMs: 0, serverAt: startOfBoot1, errorMs: 5 }
    await ingest.accept(hubId, 'telemetry', batch([telemetry(1)], anchor), clock.now())
    const verdicts = await ingest.accept(
      hubId,
      'telemetry',
      batch([thinned(100, 600_000)], { monotonicMs: 0, serverAt: clock.now(), errorMs: 5 }, laterBoot),
      clock.now(),
    )
    expect(verdicts).toEqual([{ seq: 100, verdict: 'stored' }])
    const [, point] = [...stored.values()]
    expect(point).toMatchObject({ seq: 100, bootId: laterBoot, pumpId, late: true })
    expect(point?.occurredAt).toBe(startOfBoot1 + 600_000)
    expect(point?.sample).toMatchObject({ rateMlPerHour: 12, activeAlarms: ['air-in-line'] })
    expect(await journal.received(hubId, laterBoot)).toEqual([[100, 100]])
    expect(await journal.received(hubId, bootId)).toEqual([[1, 1]])
  })

  it('keeps its date when it is delivered again after its boot has got anchors', async () => {
    const { ingest, clock, stored, faults } = ingestBench()
    faults.store = 'fails'
    await ingest.accept(hubId, 'telemetry', batch([thinned(100, 600_000)], null, laterBoot), clock.now())
    faults.store = 'ok'
    const anchor = { monotonicMs: 0, serverAt: clock.now() - 1_000, errorMs: 1 }
    await ingest.accept(hubId, 'telemetry', batch([thinned(100, 600_000)], anchor, laterBoot), clock.now())
    await ingest.accept(hubId, 'telemetry', batch([thinned(100, 600_000)], anchor, laterBoot), clock.now())
    expect(stored.size).toBe(1)
  })

  it('with a clock outside any boot is refused', async () => {
    const { ingest, clock } = ingestBench()
    const verdicts = await ingest.accept(hubId, 'telemetry', batch([thinned(100, 1e15)], null, laterBoot), clock.now())
    expect(verdicts).toEqual([{ seq: 100, verdict: 'refused', reason: 'monotonic-out-of-range' }])
  })

  it('never reaches the live picture, although its number is the highest', () => {
    const { clock } = ingestBench()
    const picture = createLivePicture({ clock, epoch: 'e', assignments: new Map() })
    const dated = {
      hubId,
      numbering: 0,
      occurredAt: clock.now(),
      uncertaintyMs: 0,
      receivedAt: clock.now(),
      late: false,
    }
    picture.take([{ ...dated, record: telemetry(50, { bootId: laterBoot, rateMlPerHour: 7 }) }])
    picture.take([{ ...dated, record: thinned(100, 600_000) }])
    expect(picture.pump(pumpId)?.sample?.rateMlPerHour).toBe(7)
  })
})

describe('a tombstone', () => {
  it('is kept with the records of its hub, once, for the ledger', async () => {
    const { ingest, clock, taken, journal } = ingestBench()
    const send = () => ingest.accept(hubId, 'alarm', batch([tombstone(101)], null, laterBoot), clock.now())
    expect(await send()).toEqual([{ seq: 101, verdict: 'stored' }])
    expect(await send()).toEqual([{ seq: 101, verdict: 'stored' }])
    expect(taken.map(({ record }) => record)).toEqual([tombstone(101)])
    expect(await journal.received(hubId, laterBoot)).toEqual([[101, 101]])
  })
})
