import { afterEach, beforeEach, expect, it } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import { StorageAlarm } from '#server/core/derived/storage-alarm.ts'
import { StorageWatch } from '#server/core/derived/storage-watch.ts'
import { openServerBench } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'
import type { AlarmService } from '#server/core/alarm-service.ts'

let bench: ServerBench
let watch: StorageWatch
let freeBytes: number
let storeIsUp: boolean
let episodes = 0

const newEpisodeId = () => EpisodeId.parse(`s-${(episodes += 1)}`)

const start = (alarms: Pick<AlarmService, 'system'>): StorageAlarm => {
  const alarm = new StorageAlarm({ alarms, clock: bench.clock, newEpisodeId, log: bench.log })
  watch = new StorageWatch({
    room: async () => ({ freeBytes, totalBytes: 100e9 }),
    check: async () => {
      if (!storeIsUp) throw new Error('down')
    },
    alarm,
    scheduler: bench.clock,
    log: bench.log,
  })
  watch.start()
  return alarm
}

const passes = (): Promise<void> => bench.clock.advanceAsync(60_000)
const open = (picture = bench.picture) =>
  picture.openAlarms().map(({ code, condition, vendorText }) => `${code} ${condition}: ${vendorText}`)

beforeEach(async () => {
  freeBytes = 50e9
  storeIsUp = true
  bench = await openServerBench()
})
afterEach(async () => {
  await watch[Symbol.asyncDispose]()
  await bench.close()
})

it('a nearly full disk of the server is an alarm of the site, and ends with some room to spare', async () => {
  start(bench.alarms)
  await passes()
  expect(open()).toEqual([])
  freeBytes = 900e6
  await passes()
  expect(open()).toEqual(["storage-degraded active: the server's disk is nearly full: 900 MB are left"])
  freeBytes = 1_050e6
  await passes()
  expect(open()).toEqual([expect.stringContaining('storage-degraded active')])
  freeBytes = 1_200e6
  await passes()
  expect(open()).toEqual([expect.stringContaining('storage-degraded ended')])
})

it('two troubles are one alarm that names both, and it ends with the last', async () => {
  const alarm = start(bench.alarms)
  await passes()
  alarm.set('telemetry-store', 'the telemetry store is down')
  freeBytes = 1
  await passes()
  expect(open()).toEqual([expect.stringMatching(/active: the telemetry store is down; .*disk is nearly full/)])
  freeBytes = 50e9
  await passes()
  expect(open()).toEqual(['storage-degraded active: the telemetry store is down'])
  alarm.set('telemetry-store', null)
  await passes()
  expect(open()).toEqual([expect.stringContaining('storage-degraded ended')])
})

it('an alarm of an earlier start ends once store and disk have been found well', async () => {
  const alarm = start(bench.alarms)
  await passes()
  alarm.set('telemetry-store', 'the telemetry store is down')
  await passes()
  await watch[Symbol.asyncDispose]()
  storeIsUp = false
  const { picture, alarms } = await bench.restarted()
  start(alarms)
  await passes()
  expect(open(picture)).toEqual(['storage-degraded active: the telemetry store is down'])
  storeIsUp = true
  await passes()
  expect(open(picture)).toEqual([expect.stringContaining('storage-degraded ended')])
})

it('is told again with the next look when the journal failed', async () => {
  start(bench.alarms)
  await passes()
  bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
  freeBytes = 1
  await passes()
  bench.faults.journal = null
  expect(open()).toEqual([])
  await passes()
  expect(open()).toEqual([expect.stringContaining('storage-degraded active')])
})
