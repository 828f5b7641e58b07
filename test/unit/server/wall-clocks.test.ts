import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { Dating } from '#server/core/dating.ts'
import { ingestBench } from '#test/support/ingest-bench.ts'
import { MemoryJournal } from '#test/support/memory-journal.ts'
import { batch, condition, hubId, telemetry } from '#test/support/uplink-records.ts'

const dayMs = 86_400_000

/** Clocks of hubs: in 1970, a day off, an hour off where daylight saving begins and ends, in the future, and stepping all the time. */
const wallClocks: Readonly<Record<string, (trueTime: number, seq: number) => number>> = {
  'in 1970': (trueTime) => trueTime - Date.UTC(2026, 0, 5, 8),
  'a day behind': (trueTime) => trueTime - dayMs,
  'a day ahead': (trueTime) => trueTime + dayMs,
  'set for daylight saving while it runs': (trueTime, seq) => trueTime + (seq % 20 < 10 ? 3_600_000 : 0),
  'in 2106': (trueTime) => trueTime + 80 * 365 * dayMs,
  'stepping to and fro': (trueTime, seq) => trueTime + (seq % 2 === 0 ? dayMs : -dayMs),
  'standing still': () => 1_234,
}

/** What people and stores get of a run in which hubs stamp by that clock. */
const outcome = async (
  deliveries: readonly { seqs: readonly number[]; lane: 'alarm' | 'telemetry'; pause: number; anchored: boolean }[],
  wallClock: (trueTime: number, seq: number) => number,
) => {
  const bench = ingestBench()
  const startedAt = bench.clock.now() - 60_000
  const verdicts: unknown[] = []
  for (const { seqs, lane, pause, anchored } of deliveries) {
    bench.clock.advance(pause)
    const now = bench.clock.now()
    const records = seqs.map((seq) => {
      // An even number is an alarm's, an odd one a sample's: a number is used on one lane only.
      const own = lane === 'alarm' ? 2 * seq : 2 * seq + 1
      const monotonicMs = own * 400
      const stamp = { monotonicMs, wallAt: wallClock(startedAt + monotonicMs, own) }
      return lane === 'alarm' ? condition(own, stamp) : telemetry(own, stamp)
    })
    const anchor = anchored ? { monotonicMs: now - startedAt, serverAt: now, errorMs: 5 } : null
    verdicts.push(await bench.ingest.accept(hubId, lane, batch(records, anchor), instant(now)))
  }
  const dates = [...bench.taken, ...bench.shown].map(({ record, occurredAt, uncertaintyMs, late }) => ({
    seq: record.seq,
    occurredAt,
    uncertaintyMs,
    late,
  }))
  return { verdicts, dates, points: [...bench.stored.keys()] }
}

describe('a wall clock', () => {
  const delivery = fc.record({
    seqs: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
    lane: fc.constantFrom('alarm' as const, 'telemetry' as const),
    pause: fc.integer({ min: 0, max: 200_000 }),
    anchored: fc.boolean(),
  })

  it.each(Object.entries(wallClocks))('%s dates, delays, reorders and refuses nothing', async (_name, wallClock) => {
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { maxLength: 12 }), async (deliveries) => {
        expect(await outcome(deliveries, wallClock)).toEqual(await outcome(deliveries, (trueTime) => trueTime))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a boot that never heard the server', () => {
  const boot = fc.record({
    downMs: fc.integer({ min: 1_000, max: dayMs }),
    records: fc.array(fc.integer({ min: 1, max: 3_600_000 }), { minLength: 1, maxLength: 6 }),
    online: fc.boolean(),
  })

  it('is dated between its neighbours, with a band that holds the true time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(boot, { minLength: 1, maxLength: 6 }), async (boots) => {
        const receipts = new MemoryJournal()
        const dating = new Dating(receipts, 120_000)
        let now = Date.UTC(2026, 0, 5, 8)
        let seq = 0
        const owed: { trueTime: number; record: ReturnType<typeof telemetry> }[] = []
        const deliver = async (bootId: BootId, monotonicMs: number): Promise<void> => {
          const sender = { bootId, anchor: { monotonicMs, serverAt: now, errorMs: 2 } }
          await dating.takeAnchor(hubId, sender, instant(now))
          const records = owed.map(({ record }) => record)
          await receipts.commit({
            at: instant(now),
            appends: [],
            hubId,
            received: records.map((record) => ({
              lane: 'telemetry',
              bootId: record.bootId,
              seq: record.seq,
              hash: null,
            })),
            records: [],
          })
          const dated = await dating.date(hubId, sender, records, instant(now))
          for (const [index, { trueTime }] of owed.entries()) {
            const { occurredAt = NaN, uncertaintyMs = NaN } = dated[index] ?? {}
            expect(Math.abs(occurredAt - trueTime)).toBeLessThanOrEqual(uncertaintyMs + 1)
          }
          owed.length = 0
        }
        for (const [index, { downMs, records, online }] of boots.entries()) {
          now += downMs
          const startedAt = now
          const bootId = BootId.parse(`boot-${index}`)
          for (const monotonicMs of records.toSorted((a, b) => a - b)) {
            seq += 1
            owed.push({ trueTime: startedAt + monotonicMs, record: telemetry(seq, { bootId, monotonicMs, wallAt: 0 }) })
          }
          now = startedAt + Math.max(...records) + 10
          if (online) await deliver(bootId, now - startedAt)
        }
        now += 60_000
        if (owed.length > 0) await deliver(BootId.parse('boot-last'), 50_000)
      }),
      { numRuns: 200 },
    )
  })
})
