import { describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import { slotMs } from '#domain/hub-day/slots.ts'
import { instant } from '#domain/time.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { HubDays } from '#server/core/hub-days.ts'
import type { HubDayStore } from '#server/core/hub-days.ts'
import type { DatedRecord } from '#server/core/ports.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const hub1 = HubId.parse('hub-1')
const boot1 = BootId.parse('boot-1')

const beatOf = (rows: number, bootId = boot1): Heartbeat => ({
  v: 1,
  bootId,
  monotonicMs: 0,
  wallAt: 0,
  clockQuality: 'ntp',
  anchor: null,
  versions: { gateway: '0.1.0', node: '24.21.0' },
  manifest: null,
  outbox: {
    alarm: { rows: 0, oldestAgeMs: null },
    telemetry: { rows, oldestAgeMs: null },
    quarantined: 0,
    tombstoned: 0,
    diskFreeBytes: null,
  },
  ports: [],
  pumps: [],
  conditions: [],
})

const recordOf = (tookMs: number, receivedAt: number): DatedRecord => ({
  hubId: hub1,
  record: {
    seq: 1,
    bootId: boot1,
    pumpId: PumpId.parse('P-1'),
    monotonicMs: 0,
    wallAt: receivedAt,
    clockQuality: 'ntp',
    lane: 'alarm',
    kind: 'snapshot',
    body: { reason: 'periodic', alarms: [], measurementStatus: ['valid'] },
  },
  occurredAt: instant(receivedAt - tookMs),
  uncertaintyMs: 0,
  receivedAt: instant(receivedAt),
  late: false,
  numbering: 0,
})

const bench = async (store: HubDayStore = openJournal(':memory:').hubDays, clock = new ManualClock()) => {
  const days = new HubDays({ store, clock, scheduler: clock, log: pino({ level: 'silent' }) })
  await days.remember([hub1])
  days.start()
  const hear = async (ms: number, rows: (at: number) => number = () => 0, bootId = boot1): Promise<void> => {
    for (let at = 0; at < ms; at += 10_000) {
      days.heartbeat(hub1, beatOf(rows(at), bootId), clock.now())
      await clock.advanceAsync(10_000)
    }
  }
  return { days, clock, hear, seen: () => days.view(() => true).hubs[0] }
}

describe('what the server keeps of how hubs were heard', () => {
  it('goes on after a restart, with what it does not know in between', async () => {
    const store = openJournal(':memory:').hubDays
    const first = await bench(store)
    await first.hear(2 * slotMs)
    await first.clock.advanceAsync(slotMs)
    expect(first.seen()?.slots).toBe('hhs')
    await first.days[Symbol.asyncDispose]()
    first.clock.advance(2 * slotMs)
    const second = await bench(store, first.clock)
    await second.hear(slotMs)
    expect(second.seen()?.slots).toBe('hhs..h')
    await second.days[Symbol.asyncDispose]()
  })

  it('goes on in memory while it cannot be written', async () => {
    const broken: HubDayStore = { all: async () => [], put: () => Promise.reject(new Error('disk')) }
    const { hear, seen } = await bench(broken)
    await hear(2 * slotMs)
    expect(seen()?.slots).toBe('hh')
  })

  it('tells how fast an outbox drains, and that it grows', async () => {
    const { hear, seen } = await bench()
    await hear(120_000, (at) => 10_000 - at / 100)
    expect(seen()?.drain).toEqual({ alarmPerMinute: 0, telemetryPerMinute: 600 })
    const growing = await bench()
    await growing.hear(120_000, (at) => at / 1000)
    expect(growing.seen()?.drain?.telemetryPerMinute).toBe(-60)
  })

  it('tells how long records took, of the last hour only, and where the hub’s requests come from', async () => {
    const { days, clock, seen } = await bench()
    expect(seen()?.delays.alarm).toBeNull()
    for (const took of [200, 300, 4_000]) days.arrived([recordOf(took, clock.now())])
    days.cameFrom(hub1, '::ffff:203.0.113.7')
    expect(seen()).toMatchObject({
      network: '203.0.113.0/24',
      delays: { alarm: { count: 3, maxMs: 4_000 }, telemetry: null },
    })
    clock.advance(3_700_000)
    expect(seen()?.delays.alarm).toBeNull()
  })

  it('marks a restart of the hub', async () => {
    const { hear, seen } = await bench()
    await hear(slotMs / 2)
    await hear(slotMs / 2 + 10_000, undefined, BootId.parse('boot-2'))
    expect(seen()?.slots).toBe('H')
  })
})
