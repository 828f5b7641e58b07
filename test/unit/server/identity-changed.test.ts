import { afterEach, beforeEach, expect, it } from 'vitest'
import { identitySettled } from '#server/core/derived/identity-settled.ts'
import { recordCommands } from '#server/core/record-commands.ts'
import { BootId, EpisodeId } from '#domain/ids.ts'
import type { PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { DatedRecord } from '#server/core/ports.ts'
import { hub1, openServerBench, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench

beforeEach(async () => {
  bench = await openServerBench({
    assignments: new Map([pump1, pump2].map((pumpId) => [pumpId, { label: null, criticality: 'standard' as const }])),
  })
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
})
afterEach(() => bench.close())

const changed = async (from: PumpId, to: PumpId): Promise<void> => {
  const now = instant(bench.clock.now())
  const dated: DatedRecord = {
    hubId: hub1,
    record: {
      lane: 'alarm',
      kind: 'event',
      seq: 1,
      bootId: BootId.parse('boot-1'),
      pumpId: to,
      monotonicMs: bench.clock.monotonic(),
      wallAt: now,
      clockQuality: 'ntp',
      body: { event: 'identity-changed', detail: { from, to, port: 'usb0' }, measurementStatus: ['valid'] },
    },
    occurredAt: now,
    uncertaintyMs: 0,
    numbering: 0,
    receivedAt: now,
    late: false,
  }
  const facts = {
    newEpisodeId: () => EpisodeId.parse(`i-${to}-${now}`),
    pump: (pumpId: PumpId) => bench.picture.pump(pumpId),
  }
  await bench.alarms.system(recordCommands(facts, hub1, dated))
}

const settle = async (): Promise<void> => {
  const pump = (pumpId: PumpId) => bench.picture.pump(pumpId)
  await bench.alarms.system(identitySettled(bench.picture.openAlarms(), pump, bench.clock.now()))
}

const open = () =>
  bench.picture.openAlarms().map(({ pumpId, condition, vendorText }) => `${pumpId} ${condition}: ${vendorText}`)

it('another pump on a known port is an alarm of it that names both and the port', async () => {
  await changed(pump1, pump2)
  expect(open()).toEqual(['P-2 active: pump P-2 answers on port usb0, where pump P-1 was'])
})

it('is over when the first pump is back, which is news of its own', async () => {
  await changed(pump1, pump2)
  bench.clock.advance(60_000)
  await changed(pump2, pump1)
  expect(open()).toEqual([
    'P-2 ended: pump P-2 answers on port usb0, where pump P-1 was',
    'P-1 active: pump P-1 answers on port usb0, where pump P-2 was',
  ])
})

it('is over when the new pump has answered for half an hour, and stays listed until somebody says what it was', async () => {
  await changed(pump1, pump2)
  bench.clock.advance(29 * 60_000)
  await settle()
  expect(open()).toEqual([expect.stringContaining('P-2 active')])
  bench.clock.advance(60_000)
  await settle()
  expect(open()).toEqual([expect.stringContaining('P-2 ended')])
})

it('goes on while the new pump is not heard', async () => {
  await changed(pump1, pump2)
  bench.picture.setLink(pump2, 'lost')
  bench.clock.advance(60 * 60_000)
  await settle()
  expect(open()).toEqual([expect.stringContaining('P-2 active')])
})
