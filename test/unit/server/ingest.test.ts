import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import type { Lane } from '#domain/uplink/records.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { ingestBench } from '#test/support/ingest-bench.ts'
import { batch, bootId, condition, hubId, telemetry } from '#test/support/uplink-records.ts'

const anchorAt = (now: number, monotonicMs = 0) => ({ monotonicMs, serverAt: now, errorMs: 5 })
const words = (verdicts: readonly { verdict: string }[]) => verdicts.map((verdict) => verdict.verdict)

const laneOf = (seq: number): Lane => (seq % 3 === 0 ? 'alarm' : 'telemetry')

describe('the alarm lane', () => {
  it('hands new records on in the order of their numbers and answers by place', async () => {
    const { ingest, clock, taken } = ingestBench()
    const verdicts = await ingest.accept(hubId, 'alarm', batch([condition(2), condition(1)]), clock.now())
    expect(verdicts).toEqual([
      { seq: 2, verdict: 'stored' },
      { seq: 1, verdict: 'stored' },
    ])
    expect(taken.map(({ record }) => record.seq)).toEqual([1, 2])
  })

  it('refuses one bad record and stores the rest', async () => {
    const { ingest, clock, taken, seen } = ingestBench()
    const bad = { ...condition(2), body: { ...condition(2).body, priority: 'extreme' } }
    const records = [condition(1), bad, 'not a record', telemetry(4), { ...condition(5), monotonicMs: 1e15 }]
    expect(await ingest.accept(hubId, 'alarm', batch(records), clock.now())).toEqual([
      { seq: 1, verdict: 'stored' },
      { seq: 2, verdict: 'refused', reason: 'schema at body.priority' },
      { seq: 0, verdict: 'refused', reason: 'schema at ' },
      { seq: 4, verdict: 'refused', reason: 'wrong-lane' },
      { seq: 5, verdict: 'refused', reason: 'monotonic-out-of-range' },
    ])
    expect(taken).toHaveLength(1)
    expect(seen.refused).toContain('alarm wrong-lane 1')
  })

  it('answers a repetition with stored and does nothing', async () => {
    const { ingest, clock, taken, journal } = ingestBench()
    await ingest.accept(hubId, 'alarm', batch([condition(1)]), clock.now())
    expect(words(await ingest.accept(hubId, 'alarm', batch([condition(1), condition(1)]), clock.now()))).toEqual([
      'stored',
      'stored',
    ])
    expect(taken).toHaveLength(1)
    expect(journal.commits).toBe(1)
  })

  it('takes a record that stands twice in one batch once', async () => {
    const { ingest, clock, taken } = ingestBench()
    expect(words(await ingest.accept(hubId, 'alarm', batch([condition(1), condition(1)]), clock.now()))).toEqual([
      'stored',
      'stored',
    ])
    expect(taken).toHaveLength(1)
  })

  it('refuses the same number with another body and tells the security log, in one batch and later', async () => {
    const { ingest, clock, taken, seen } = ingestBench()
    const forged = condition(1, { vendorText: 'other' })
    const verdicts = await ingest.accept(hubId, 'alarm', batch([condition(1), forged]), clock.now())
    expect(verdicts[1]).toEqual({ seq: 1, verdict: 'refused', reason: 'forged' })
    expect(words(await ingest.accept(hubId, 'alarm', batch([forged]), clock.now()))).toEqual(['refused'])
    expect(seen.forged).toEqual([1, 1])
    expect(taken).toHaveLength(1)
  })

  it('takes members in another order and fields of a newer hub for the same body', async () => {
    const { ingest, clock, seen } = ingestBench()
    await ingest.accept(hubId, 'alarm', batch([condition(1)]), clock.now())
    const reordered = Object.fromEntries(Object.entries({ ...condition(1), addedLater: true }).toReversed())
    expect(words(await ingest.accept(hubId, 'alarm', batch([reordered]), clock.now()))).toEqual(['stored'])
    expect(seen.forged).toEqual([])
  })

  it('acknowledges nothing when the journal does not commit', async () => {
    const { ingest, clock, journal, taken } = ingestBench()
    journal.failing = true
    const failing = ingest.accept(hubId, 'alarm', batch([condition(1)]), clock.now())
    await expect(failing).rejects.toMatchObject({ code: 'SRV_JOURNAL_UNAVAILABLE' })
    journal.failing = false
    await ingest.accept(hubId, 'alarm', batch([condition(1)]), clock.now())
    expect(taken).toHaveLength(1)
  })

  it('marks a record late that is older on arrival than the limit, by the anchor and not by its wall clock', async () => {
    const { ingest, clock, taken } = ingestBench(120_000)
    const anchor = anchorAt(clock.now() - 300_000)
    const records = [
      condition(1, { monotonicMs: 179_999, wallAt: clock.now() }),
      condition(2, { monotonicMs: 180_000, wallAt: 0 }),
    ]
    await ingest.accept(hubId, 'alarm', batch(records, anchor), clock.now())
    expect(taken.map(({ late, receivedAt, occurredAt }) => [late, receivedAt - occurredAt])).toEqual([
      [true, 120_001],
      [false, 120_000],
    ])
  })
})

describe('the telemetry lane', () => {
  it('shows samples, stores points and then keeps their numbers', async () => {
    const { ingest, clock, shown, stored, journal } = ingestBench()
    expect(words(await ingest.accept(hubId, 'telemetry', batch([telemetry(1), telemetry(2)]), clock.now()))).toEqual([
      'stored',
      'stored',
    ])
    expect(shown).toHaveLength(2)
    expect(stored.size).toBe(2)
    expect(await journal.received(hubId, bootId)).toEqual([[1, 2]])
  })

  it('shows samples and says retry while the store is down, and keeps no number', async () => {
    const { ingest, clock, shown, faults, journal } = ingestBench()
    faults.store = 'fails'
    expect(await ingest.accept(hubId, 'telemetry', batch([telemetry(1)]), clock.now())).toEqual([
      { seq: 1, verdict: 'retry', reason: 'store-unavailable' },
    ])
    expect(shown).toHaveLength(1)
    expect(await journal.received(hubId, bootId)).toEqual([])
  })

  it('does not wait for a store longer than 2 s', async () => {
    const { ingest, clock, faults } = ingestBench()
    faults.store = 'hangs'
    const answer = ingest.accept(hubId, 'telemetry', batch([telemetry(1)]), clock.now())
    await clock.advanceAsync(2000)
    expect(words(await answer)).toEqual(['retry'])
    expect(clock.pending).toBe(0)
  })

  it('asks a store that failed three times once in 5 s, and says when it is down and up', async () => {
    const { ingest, clock, faults, seen, stored } = ingestBench()
    faults.store = 'fails'
    const send = () => ingest.accept(hubId, 'telemetry', batch([telemetry(1)]), clock.now())
    for (let time = 0; time < 3; time += 1) await send()
    expect(seen.store).toEqual(['down'])
    faults.store = 'ok'
    clock.advance(4999)
    expect(words(await send())).toEqual(['retry'])
    clock.advance(1)
    expect(words(await send())).toEqual(['stored'])
    expect(seen.store).toEqual(['down', 'up'])
    expect(stored.size).toBe(1)
  })

  it('refuses the points the store refuses and stores the others', async () => {
    const { ingest, clock, faults, journal } = ingestBench()
    faults.refuse = (point) => (point.seq === 2 ? 'beyond retention' : null)
    expect(
      await ingest.accept(hubId, 'telemetry', batch([telemetry(1), telemetry(2), telemetry(3)]), clock.now()),
    ).toEqual([
      { seq: 1, verdict: 'stored' },
      { seq: 2, verdict: 'refused', reason: 'store: beyond retention' },
      { seq: 3, verdict: 'stored' },
    ])
    expect(await journal.received(hubId, bootId)).toEqual([
      [1, 1],
      [3, 3],
    ])
  })

  it('writes the same points again after a crash between store and journal', async () => {
    const { ingest, clock, journal, stored } = ingestBench()
    await ingest.dating.date(hubId, batch([]), [telemetry(1)], clock.now())
    const commit = journal.commit.bind(journal)
    journal.commit = async () => {
      throw new Error('died')
    }
    await expect(
      ingest.accept(hubId, 'telemetry', batch([telemetry(1)], anchorAt(clock.now())), clock.now()),
    ).rejects.toThrow('died')
    journal.commit = commit
    clock.advance(60_000)
    await ingest.accept(hubId, 'telemetry', batch([telemetry(1)], anchorAt(clock.now(), 61_000)), clock.now())
    expect(stored.size).toBe(1)
  })

  it('takes a few waiting batches of one lane and refuses more, without holding up the alarm lane', async () => {
    const { ingest, clock, faults } = ingestBench()
    faults.store = 'hangs'
    const waiting = [1, 2, 3, 4].map((seq) => ingest.accept(hubId, 'telemetry', batch([telemetry(seq)]), clock.now()))
    await expect(ingest.accept(hubId, 'telemetry', batch([telemetry(5)]), clock.now())).rejects.toMatchObject({
      code: 'SRV_BUSY',
    })
    expect(words(await ingest.accept(hubId, 'alarm', batch([condition(6)]), clock.now()))).toEqual(['stored'])
    for (let time = 0; time < 4; time += 1) await clock.advanceAsync(2000)
    expect((await Promise.all(waiting)).map(words)).toEqual([['retry'], ['retry'], ['retry'], ['retry']])
  })
})

describe('any permutation, repetition and interleaving of batches', () => {
  const boots = [bootId, BootId.parse('boot-2'), BootId.parse('boot-3')]
  const record = (lane: Lane, seq: number) => {
    const boot = boots[Math.floor((seq - 1) / 10)] ?? bootId
    const monotonicMs = ((seq - 1) % 10) * 7000
    return lane === 'alarm'
      ? condition(seq, { bootId: boot, monotonicMs })
      : telemetry(seq, { bootId: boot, monotonicMs })
  }
  const all = Array.from({ length: 30 }, (_, index) => index + 1)
  const delivery = fc.record({
    lane: fc.constantFrom<Lane>('alarm', 'telemetry'),
    seqs: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
    sender: fc.integer({ min: 0, max: 2 }),
    anchor: fc.option(fc.integer({ min: 0, max: 70_000 })),
    pause: fc.integer({ min: 0, max: 20_000 }),
    store: fc.constantFrom('ok' as const, 'ok' as const, 'fails' as const),
    journalFails: fc.boolean(),
  })

  it('stores every record once, with the date it was first given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { maxLength: 25 }),
        fc.shuffledSubarray(all, { minLength: 30 }),
        async (deliveries, rest) => {
          const { ingest, clock, journal, faults, stored, taken, shown } = ingestBench()
          const running: Promise<unknown>[] = []
          for (const { lane, seqs, sender, anchor, pause, store, journalFails } of deliveries) {
            clock.advance(pause)
            faults.store = store
            journal.failing = journalFails
            const records = seqs.filter((seq) => laneOf(seq) === lane).map((seq) => record(lane, seq))
            const body = batch(records, anchor === null ? null : anchorAt(clock.now(), anchor), boots[sender])
            running.push(ingest.accept(hubId, lane, body, clock.now()).catch(() => null))
            if (pause % 2 === 0) await flushMicrotasks(pause % 40)
          }
          await Promise.all(running)
          journal.failing = false
          faults.store = 'ok'
          clock.advance(5000)
          for (const seq of [1, ...rest]) {
            const verdicts = await ingest.accept(hubId, laneOf(seq), batch([record(laneOf(seq), seq)]), clock.now())
            expect(words(verdicts)).toEqual(['stored'])
          }
          const points = [...stored.values()].map((point) => point.seq).toSorted((a, b) => a - b)
          expect(points).toEqual(all.filter((seq) => laneOf(seq) === 'telemetry'))
          expect(taken.map((dated) => dated.record.seq).toSorted((a, b) => a - b)).toEqual(
            all.filter((seq) => laneOf(seq) === 'alarm'),
          )
          const dates = new Map<number, number>()
          for (const { record, occurredAt } of shown) {
            expect(dates.get(record.seq) ?? occurredAt).toBe(occurredAt)
            dates.set(record.seq, occurredAt)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
