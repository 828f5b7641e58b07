import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canaryPumpId } from '#domain/uplink/canary.ts'
import { intervalMs, openPathBench } from '#test/support/path-bench.ts'
import type { PathBench, PathFaults } from '#test/support/path-bench.ts'
import { hub1, occlusion, pump1 } from '#test/support/server-bench.ts'

let bench: PathBench
const minute = 60_000
/** Policy: 2.5 intervals, and the time between two looks. */
const deadline = 2.5 * intervalMs + 5_000

beforeEach(async () => {
  bench = await openPathBench()
})
afterEach(() => bench[Symbol.asyncDispose]())

describe('the path from a hub to the journal', () => {
  it('is proven soon after the hub is heard, and again every interval', async () => {
    await bench.passes(2_000)
    expect(bench.path()).toMatchObject({ everyMs: intervalMs, overdue: false, provenAt: bench.arrivals[0]?.storedAt })
    await bench.passes(2 * 60 * minute)
    expect(bench.arrivals).toHaveLength(13)
    expect(bench.open()).toEqual([])
    expect(bench.outbox.records).toEqual([])
  })

  it('keeps when each test alarm was where', async () => {
    await bench.passes(2_000)
    const [first] = bench.arrivals
    expect(first).toMatchObject({ hubId: hub1 })
    expect(first?.receivedAt).toBeGreaterThanOrEqual(first?.writtenAt ?? Number.NaN)
    expect(first?.storedAt).toBeGreaterThanOrEqual(first?.receivedAt ?? Number.NaN)
    expect(bench.kept.get(hub1)?.provenAt).toBe(first?.storedAt)
    expect(bench.path()?.hops).toEqual({ uplinkMs: expect.any(Number), journalMs: expect.any(Number) })
  })

  it('leaves no alarm, no pump and no episode behind', async () => {
    await bench.passes(30 * minute)
    expect(bench.picture.openAlarms()).toEqual([])
    expect([...bench.alarms.openAlarms()]).toEqual([])
    expect(bench.picture.pump(canaryPumpId)).toBeNull()
    expect((await bench.journal.load({ kind: 'pump', pumpId: canaryPumpId })).events).toEqual([])
  })

  const hops: readonly (keyof PathFaults)[] = [
    'hubForgets',
    'outboxRefuses',
    'outboxBlocked',
    'uplinkCut',
    'ingestRefuses',
  ]
  it.each(hops)('%s: unproven within the deadline, one alarm', async (hop) => {
    await bench.passes(2_000)
    bench.faults[hop] = true
    await bench.passes(deadline - 20_000)
    expect(bench.open()).toEqual([])
    await bench.passes(20_000)
    expect(bench.path()).toMatchObject({ overdue: true })
    expect(bench.open()).toEqual(['path-unproven active'])
  })

  it('an alarm ends with the next proof', async () => {
    await bench.passes(2_000)
    bench.faults.uplinkCut = true
    await bench.passes(deadline)
    expect(bench.open()).toEqual(['path-unproven active'])
    bench.faults.uplinkCut = false
    await bench.passes(2 * minute)
    expect(bench.path()).toMatchObject({ overdue: false })
    expect(bench.open()).toEqual(['path-unproven ended'])
  })

  it('a journal that commits nothing is red on the screen, and an alarm once it commits again', async () => {
    await bench.passes(2_000)
    bench.serverFaults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await bench.passes(deadline)
    expect(bench.path()).toMatchObject({ overdue: true })
    expect(bench.open()).toEqual([])
    bench.faults.hubForgets = true
    bench.faults.uplinkCut = true
    bench.serverFaults.journal = null
    await bench.passes(10_000)
    expect(bench.open()).toEqual(['path-unproven active'])
  })

  it('a hub that nobody hears has one alarm, and that is another one', async () => {
    await bench.passes(2_000)
    bench.faults.uplinkCut = true
    bench.faults.hubSilent = true
    await bench.passes(deadline)
    expect(bench.open()).toEqual(['link-lost-hub active'])
    expect(bench.path()).toMatchObject({ overdue: true })
  })

  it('an alarm of an unproven path gives way to that of a silent hub', async () => {
    await bench.passes(2_000)
    bench.faults.uplinkCut = true
    await bench.passes(deadline)
    bench.faults.hubSilent = true
    await bench.passes(minute)
    expect(bench.open()).toEqual(['path-unproven ended', 'link-lost-hub active'])
  })

  it('a hub that comes back has one interval and a minute to prove itself', async () => {
    await bench.passes(2_000)
    Object.assign(bench.faults, { hubSilent: true, hubForgets: true })
    await bench.passes(60 * minute)
    bench.faults.hubSilent = false
    await bench.passes(10 * minute)
    expect(bench.open()).not.toContain('path-unproven active')
    await bench.passes(2 * minute)
    expect(bench.open()).toContain('path-unproven active')
  })

  it('a test alarm that comes late proves nothing', async () => {
    await bench.passes(2_000)
    bench.faults.uplinkCut = true
    await bench.passes(15 * minute)
    bench.faults.hubForgets = true
    bench.faults.uplinkCut = false
    await bench.passes(minute)
    expect(bench.outbox.records).toEqual([])
    expect(bench.arrivals).toHaveLength(1)
  })

  it('the hub heaps up no test alarms while the server takes nothing', async () => {
    await bench.passes(2_000)
    bench.faults.uplinkCut = true
    await bench.passes(2 * 60 * minute)
    expect(bench.outbox.records).toHaveLength(2)
  })

  it('a restart of the server knows the last proof, and judges after one interval and a minute', async () => {
    await bench.passes(2_000)
    const provenAt = bench.path()?.provenAt
    bench.faults.hubForgets = true
    await bench.passes(60 * minute)
    bench.restartPaths()
    await bench.passes(30_000)
    expect(bench.path()).toMatchObject({ provenAt, overdue: true })
    expect(bench.open()).toEqual(['path-unproven active'])
    await bench.passes(11 * minute)
    expect(bench.open()).toEqual(['path-unproven active'])
  })

  it('a real pump that is called like the canary keeps its alarms, and real ones beside a test alarm are taken', async () => {
    await bench.passes(2_000)
    await bench.condition(canaryPumpId, occlusion('ep-1'))
    await bench.condition(pump1, occlusion('ep-2'))
    expect(bench.open()).toEqual(['occlusion-downstream active', 'occlusion-downstream active'])
  })
})
