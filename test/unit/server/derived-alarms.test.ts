import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlannedRun } from '#domain/assignment/planned-runs.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import { BootId, ChannelId, EpisodeId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { DerivedAlarms } from '#server/core/derived/derived-alarms.ts'
import { PlanWatch } from '#server/core/derived/plan-watch.ts'
import type { AlarmService } from '#server/core/alarm-service.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import type { DatedRecord } from '#server/core/ports.ts'
import { hub1, openServerBench, pump1, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const minuteMs = 60_000
const running = { operatingState: 'infusing', rateMlPerHour: 60, vtbiMl: 100, programRemainingMl: 50 } as const
const paused = { operatingState: 'paused', rateMlPerHour: 0, vtbiMl: 100, programRemainingMl: 50 } as const

let bench: ServerBench
let derived: DerivedAlarms
let runs: PlannedRun[]
let stored: boolean | Error
let seq: number
let ml: number

const open = (picture: LivePicture = bench.picture) =>
  picture.openAlarms().map(({ code, channelId, condition }) => `${code} ${channelId ?? '-'} ${condition}`)

const start = (alarms: Pick<AlarmService, 'system'>, picture: LivePicture): DerivedAlarms => {
  const plans = new PlanWatch({
    plans: { pumps: () => (runs.length > 0 ? [pump1] : []), runs: () => runs },
    policy: defaultDerivedPolicy,
    isHubHeard: () => bench.picture.hub(hub1)?.state === 'live',
    delivered: async () => {
      if (stored instanceof Error) throw stored
      return stored
    },
  })
  const made = new DerivedAlarms({
    alarms,
    picture,
    plans,
    policy: defaultDerivedPolicy,
    clock: bench.clock,
    scheduler: bench.clock,
    newEpisodeId: () => EpisodeId.parse(`d-${(seq += 1)}`),
    log: bench.log,
  })
  made.start()
  return made
}

const dated = (changes: Partial<TelemetrySample>, late = false): DatedRecord => ({
  hubId: hub1,
  record: {
    lane: 'telemetry',
    kind: 'telemetry',
    seq: (seq += 1),
    bootId: BootId.parse('boot-1'),
    pumpId: pump1,
    monotonicMs: bench.clock.monotonic(),
    wallAt: bench.clock.now(),
    clockQuality: 'ntp',
    body: { ...emptySample(ChannelId.parse('2'), pump1), infusedTotalMl: Math.round(ml * 1000) / 1000, ...changes },
  },
  occurredAt: instant(bench.clock.now()),
  uncertaintyMs: 0,
  numbering: 0,
  receivedAt: instant(bench.clock.now()),
  late,
})

/** The pump is heard every 10 s; its counter gains `gains` mL/h. */
const passes = async (minutes: number, changes: Partial<TelemetrySample>, gains = 0, late = false): Promise<void> => {
  for (let count = 0; count < minutes * 6; count += 1) {
    ml += gains / 360
    derived.take([dated(changes, late)])
    await bench.clock.advanceAsync(10_000)
  }
}

beforeEach(async () => {
  runs = []
  stored = false
  seq = 0
  ml = 0
  bench = await openServerBench({
    assignments: new Map([[pump1, { label: 'Bed 1', criticality: 'standard' as const }]]),
  })
  bench.heartbeat([pumpReport(pump1, { simulated: true })])
  await bench.snapshot(pump1)
  derived = start(bench.alarms, bench.picture)
})
afterEach(async () => {
  await derived[Symbol.asyncDispose]()
  await bench.close()
})

describe('an under-infusion', () => {
  it('is an alarm of its channel with the mark of a simulated pump, and ends when the pump delivers', async () => {
    await passes(30, running, 60)
    expect(open()).toEqual([])
    await passes(3, running)
    expect(open()).toEqual(['under-infusion 2 active'])
    expect(bench.picture.openAlarms()[0]).toMatchObject({
      pumpId: pump1,
      hubId: hub1,
      simulated: true,
      priority: 'medium',
      vendorText: expect.stringContaining('lacks at least'),
    })
    await passes(20, running, 60)
    expect(open()).toEqual(['under-infusion 2 ended'])
  })

  it('is found as soon as ever when the clock of the server is put back, and backlog dated before takes nothing back', async () => {
    await passes(30, running, 60)
    const waited = dated(running)
    bench.clock.stepWall(-60 * minuteMs)
    await passes(30, running, 60)
    derived.take([waited])
    await passes(3, running)
    expect(open()).toEqual(['under-infusion 2 active'])
  })

  it('says at once what it was raised for, and does not change its words every second', async () => {
    await passes(30, running, 60)
    await passes(3, running)
    const before = bench.picture.openAlarms()[0]
    await passes(10, running)
    expect(bench.picture.openAlarms()[0]?.vendorText).toBe(before?.vendorText)
  })

  it('is stored when the journal stores again', async () => {
    await passes(30, running, 60)
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await passes(3, running)
    expect(open()).toEqual([])
    bench.faults.journal = null
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['under-infusion 2 active'])
  })

  it('in the backlog of an outage is no alarm, and is one as soon as a fresh sample shows that it goes on', async () => {
    await passes(30, running, 60, true)
    await passes(5, running, 0, true)
    expect(open()).toEqual([])
    await passes(1 / 6, running)
    expect(open()).toEqual(['under-infusion 2 active'])
  })

  it('goes on over a restart of the server, and ends once the pump has proven its flow', async () => {
    await passes(30, running, 60)
    await passes(3, running)
    await derived[Symbol.asyncDispose]()
    const { picture, alarms } = await bench.restarted()
    derived = start(alarms, picture)
    await passes(1, running)
    expect(open(picture)).toEqual(['under-infusion 2 active'])
    await passes(20, running, 60)
    expect(open(picture)).toEqual(['under-infusion 2 ended'])
  })
})

describe('an over-infusion', () => {
  it('is an alarm of its channel', async () => {
    await passes(30, running, 60)
    await passes(5, running, 180)
    expect(open()).toEqual(['over-infusion 2 active'])
  })
})

describe('a pump that was stopped early', () => {
  it('is an alarm by time, also when nothing more is heard of it', async () => {
    await passes(5, running, 60)
    await passes(1, paused)
    await bench.clock.advanceAsync(8 * minuteMs)
    expect(open()).toEqual([])
    await bench.clock.advanceAsync(2 * minuteMs)
    expect(open()).toEqual(['stopped-early 2 active'])
    await passes(1, running, 60)
    expect(open()).toEqual(['stopped-early 2 ended'])
  })
})

const plan = (inMinutes: number, rateMlPerHour: number | null = null): void => {
  const startsAt = instant(bench.clock.now() + inMinutes * minuteMs)
  runs = [{ startsAt, endsAt: instant(startsAt + 600 * minuteMs), volumeMl: null, rateMlPerHour }]
}

describe('a planned start', () => {
  it('that nobody makes is an alarm half an hour later, and ends with the late start', async () => {
    plan(1)
    await passes(30, { operatingState: 'standby' })
    expect(open()).toEqual([])
    await passes(4, { operatingState: 'standby' })
    expect(open()).toEqual(['missed-start - active'])
    await passes(1, running, 60)
    expect(open()).toEqual(['missed-start - ended'])
  })

  it('was made when the telemetry store knows of a delivery from before the restart', async () => {
    stored = true
    plan(-60)
    await passes(5, { operatingState: 'complete' })
    expect(open()).toEqual([])
  })

  it('is not judged while the store does not answer, and is as soon as it does', async () => {
    stored = new Error('down')
    plan(-60)
    await passes(5, { operatingState: 'standby' })
    expect(open()).toEqual([])
    stored = false
    await passes(3, { operatingState: 'standby' })
    expect(open()).toEqual(['missed-start - active'])
  })

  it('of a pump behind a lost hub is no second alarm', async () => {
    bench.links.start()
    await bench.clock.advanceAsync(40_000)
    plan(-60)
    await bench.clock.advanceAsync(5 * minuteMs)
    expect(open()).toEqual(['link-lost-hub - active'])
  })

  it('is over when it is planned no more', async () => {
    plan(-60)
    await passes(3, { operatingState: 'standby' })
    expect(open()).toEqual(['missed-start - active'])
    runs = []
    await passes(1, { operatingState: 'standby' })
    expect(open()).toEqual(['missed-start - ended'])
  })

  it('with another rate than the pump runs is an alarm after five minutes', async () => {
    plan(-60, 80)
    await passes(4, { ...running, programmedRateMlPerHour: 60 }, 60)
    expect(open()).toEqual([])
    await passes(3, { ...running, programmedRateMlPerHour: 60 }, 60)
    expect(open()).toEqual(['settings-changed - active'])
    await passes(2, { ...running, programmedRateMlPerHour: 80, rateMlPerHour: 80 }, 80)
    expect(open()).toEqual(['settings-changed - ended'])
  })
})

describe("a pump's clock", () => {
  it('that is off is a notice of the pump', async () => {
    await passes(1, { ...running, pumpClockAt: '1999-12-31T23:00:00Z' }, 60)
    expect(bench.picture.openAlarms()).toMatchObject([{ code: 'clock-untrusted', pumpId: pump1, priority: 'info' }])
  })
})
