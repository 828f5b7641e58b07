import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'
import type { AlarmView } from '#domain/live/views.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import { alarmOf, osei } from '#test/support/live-fixtures.ts'
import type { Bench } from '../measure.ts'
import { pumpOfFleet, wallFleet, wallPicture } from './wall-fleet.ts'
import { keepHandedOn, keepWays, since, waysOf } from './wall-hops.ts'
import type { Way } from './wall-hops.ts'

// A wall in a real browser, over real HTTP and socket.io, while the whole fleet of `wall-fleet.ts` tells values and alarms come and are taken.

const slices = 20
const alarmEveryMs = 300

export interface WallFigures {
  /** Of the page's own thread, ms per second. */
  readonly mainMsPerSecond: number
  /** From the server's emit of each alarm to the places on its way, ms. */
  readonly ways: readonly Way[]
  /** After a collection, end less start, MB. */
  readonly heapGrowthMb: number
  readonly heapMb: number
  /** From the server's emit of the snapshot until the first row is presented, ms. */
  readonly firstPaintMs: number
}

export interface WallAsked {
  /** What the server serves: the dashboard, or a page that does nothing but the same. */
  readonly dist: string
  /** How many times slower the page's processor is. */
  readonly throttle: number
  readonly what: string
}

/** A fifth of the pumps tell something every second, spread over it. */
export const tellValues = (server: FakeLiveServer): NodeJS.Timeout => {
  let at = 0
  return setInterval(() => {
    for (let told = 0; told < wallFleet.updatesPerSecond / slices; told++, at++)
      server.sample(pumpOfFleet(at % wallFleet.pumps).pumpId, {
        rateMlPerHour: (at % 100) / 4,
        infusedTotalMl: at % 500,
      })
  }, 1_000 / slices)
}

export const metric = async (cdp: CDPSession, name: string): Promise<number> => {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN
}

export const heapMb = async (cdp: CDPSession): Promise<number> => {
  await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6
}

/** Each alarm is taken by a colleague once it was seen: as on a ward, and so the next one has its place at the head of the queue, in the window. */
const raiseAlarms = async (server: FakeLiveServer, page: Page): Promise<readonly Way[]> => {
  const alarms = new Map<string, AlarmView>()
  const seen = new Map<string, Way>()
  const takeWhatWasSeen = async (): Promise<void> => {
    for (const [id, way] of await waysOf(page)) {
      const alarm = alarms.get(id)
      if (alarm === undefined || seen.has(id)) continue
      seen.set(id, since(alarm.startedAt, way))
      server.show({ ...alarm, version: 1, response: 'accepted', owner: osei, acceptedAt: Date.now() })
    }
  }
  for (let at = 0; at < wallFleet.newAlarms; at++) {
    const now = Date.now()
    const alarm = alarmOf(`new-${at}`, { ...pumpOfFleet(at * 70 + 3), startedAt: now, observedAt: now })
    alarms.set(alarm.episodeId, alarm)
    server.show(alarm)
    await pause(alarmEveryMs / 2)
    await takeWhatWasSeen()
    // What the page does once a second meets alarms at every moment of it.
    await pause(alarmEveryMs / 2 + (at % 7) * 10)
  }
  const all = async (): Promise<boolean> => {
    await takeWhatWasSeen()
    return seen.size === alarms.size
  }
  await eventually(all, { within: 180_000, what: 'every new alarm painted' })
  return [...seen.values()]
}

const cycleMs = 10_000

/** An alarm every 10 s, taken, ended and closed before the next: what a quiet ward does to a page that stays open. */
const comeAndGo = async (server: FakeLiveServer, seconds: number): Promise<void> => {
  const until = performance.now() + seconds * 1_000
  const waited = (ms: number): Promise<void> => pause(Math.max(0, Math.min(ms, until - performance.now())))
  for (let cycle = 0; performance.now() < until; cycle++) {
    const now = Date.now()
    const alarm = alarmOf(`cycle-${cycle}`, { ...pumpOfFleet(cycle % 200), startedAt: now, observedAt: now })
    server.show(alarm)
    await waited(cycleMs / 2)
    server.show({ ...alarm, version: 1, response: 'accepted', owner: osei, acceptedAt: Date.now() })
    await waited(cycleMs / 4)
    server.close(alarm.episodeId)
    await waited(cycleMs / 4)
  }
}

export const wallAtWork = async (bench: Bench, { dist, throttle, what }: WallAsked): Promise<WallFigures> => {
  await using server = await FakeLiveServer.start(dist, wallPicture())
  await using browser = await Browser.open()
  const page = await browser.page()
  await page.addInitScript({ content: keepWays })
  const cdp = await page.context().newCDPSession(page)
  // Time of the thread itself: what other programs take of the processor is not the page's.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle })
  await page.goto(server.url)
  const first = await eventually(
    async () => {
      const painted = [...(await waysOf(page)).values()].map((way) => way.painted)
      return painted.length === 0 ? null : Math.min(...painted)
    },
    { within: 60_000, what: 'a first row' },
  )
  await keepHandedOn(page)
  const telling = tellValues(server)
  try {
    // What the start leaves to do is not the steady state.
    await pause(5_000)
    const heapBefore = await heapMb(cdp)
    const busyBefore = await metric(cdp, 'TaskDuration')
    const from = performance.now()
    bench.say(`  ${what} at ${throttle} × throttle, ${bench.seconds} s`)
    await comeAndGo(server, bench.seconds)
    const seconds = (performance.now() - from) / 1_000
    const busy = (await metric(cdp, 'TaskDuration')) - busyBefore
    const heap = await heapMb(cdp)
    const ways = await raiseAlarms(server, page)
    return {
      mainMsPerSecond: (busy * 1_000) / seconds,
      ways,
      heapGrowthMb: heap - heapBefore,
      heapMb: heap,
      firstPaintMs: first - (server.firstSnapshotAt ?? Number.NaN),
    }
  } finally {
    clearInterval(telling)
  }
}
