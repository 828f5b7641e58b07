import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'
import { HubId, PumpId } from '#domain/ids.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { alarmOf, hubOf, osei, pumpOf, sampleOf } from '#test/support/live-fixtures.ts'
import type { Bench } from '../measure.ts'

// The wall of a large site in a real browser, over real HTTP and socket.io: 5,000 pumps of 834 hubs, of which 1,000 a second
// tell something, 120 open alarms, and new ones that come while all that goes on.

const dist = join(import.meta.dirname, '..', '..', '..', 'dashboard', 'dist')

export const fleet = { pumps: 5_000, perHub: 6, updatesPerSecond: 1_000, alarms: 120, newAlarms: 60 } as const
const slices = 20
const alarmEveryMs = 250

export interface WallFigures {
  /** Of the page's own thread, ms per second. */
  readonly mainMsPerSecond: number
  /** From the server's emit to the frame after the row's first paint, ms, ascending. */
  readonly paintedMs: readonly number[]
  /** After a collection, end less start, MB. */
  readonly heapGrowthMb: number
  readonly heapMb: number
  /** From the server's emit of the snapshot to the frame after the first row's paint, ms. */
  readonly firstPaintMs: number
}

const idOf = (at: number): string => `P-${String(at).padStart(4, '0')}`
const hubOfPump = (at: number): string => `hub-${Math.floor(at / fleet.perHub)}`

const pictureNow = (): Picture => {
  const now = Date.now()
  const pumps = Array.from({ length: fleet.pumps }, (_, at) =>
    pumpOf(idOf(at), {
      hubId: HubId.parse(hubOfPump(at)),
      label: `North ${at + 1}`,
      statusIntervalMs: 10_000,
      sample: sampleOf({ rateMlPerHour: (at % 40) / 2 }),
      sampledAt: now,
      receivedAt: now,
    }),
  )
  const hubIds = [...new Set(pumps.map(({ hubId }) => hubId))]
  const alarms = Array.from({ length: fleet.alarms }, (_, at) => {
    const since = { startedAt: now - at * 20_000, observedAt: now - 700_000 }
    const pump = { pumpId: PumpId.parse(idOf(at * 40)), hubId: HubId.parse(hubOfPump(at * 40)) }
    if (at % 12 === 0) return alarmOf(`open-${at}`, { ...since, ...pump })
    if (at % 3 === 0) return alarmOf(`open-${at}`, { ...since, ...pump, priority: 'medium', code: 'battery-low' })
    return alarmOf(`open-${at}`, {
      ...since,
      ...pump,
      response: 'accepted',
      owner: osei,
      acceptedAt: now,
      priority: 'low',
    })
  })
  return { pumps, hubs: hubIds.map((id) => hubOf(id, { lastHeardAt: now })), alarms, closed: [] }
}

/** A fifth of the pumps tell something every second, spread over it. */
const tellValues = (server: FakeLiveServer): NodeJS.Timeout => {
  let at = 0
  return setInterval(() => {
    for (let told = 0; told < fleet.updatesPerSecond / slices; told++, at++)
      server.sample(idOf(at % fleet.pumps), { rateMlPerHour: (at % 100) / 4, infusedTotalMl: at % 500 })
  }, 1_000 / slices)
}

const metric = async (cdp: CDPSession, name: string): Promise<number> => {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN
}

const heapMb = async (cdp: CDPSession): Promise<number> => {
  await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6
}

/** Episode to wall-clock ms of the frame after its first paint. */
const paintMarks = async (page: Page): Promise<ReadonlyMap<string, number>> =>
  new Map(
    await page.evaluate<[string, number][]>(
      `performance.getEntriesByType('mark').filter((m) => m.name.startsWith('alarm-painted:'))
        .map((m) => [m.name.slice(14), performance.timeOrigin + m.startTime])`,
    ),
  )

const raiseAlarms = async (server: FakeLiveServer, page: Page): Promise<readonly number[]> => {
  const emitted = new Map<string, number>()
  for (let at = 0; at < fleet.newAlarms; at++) {
    const id = `new-${at}`
    const pumpId = PumpId.parse(idOf(at * 70 + 3))
    const now = Date.now()
    emitted.set(id, now)
    server.show(alarmOf(id, { pumpId, hubId: HubId.parse(hubOfPump(at * 70 + 3)), startedAt: now, observedAt: now }))
    await pause(alarmEveryMs)
  }
  const marks = await eventually(
    async () => {
      const all = await paintMarks(page)
      return [...emitted.keys()].every((id) => all.has(id)) ? all : null
    },
    { within: 180_000, what: 'every new alarm painted' },
  )
  return [...emitted].map(([id, at]) => (marks.get(id) ?? Number.NaN) - at).toSorted((a, b) => a - b)
}

/** `throttle`: how many times slower the page's processor is. */
export const wallAtWork = async (bench: Bench, throttle: number): Promise<WallFigures> => {
  await using server = await FakeLiveServer.start(dist, pictureNow())
  await using browser = await Browser.open()
  const page = await browser.page()
  const cdp = await page.context().newCDPSession(page)
  // Time of the thread itself: what other programs take of the processor is not the page's.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle })
  await page.goto(server.url)
  const first = await eventually(
    async () => {
      const marks = [...(await paintMarks(page)).values()]
      return marks.length === 0 ? null : Math.min(...marks)
    },
    { within: 60_000, what: 'a first row' },
  )
  const telling = tellValues(server)
  try {
    // What the start leaves to do is not the steady state.
    await pause(5_000)
    const heapBefore = await heapMb(cdp)
    const busyBefore = await metric(cdp, 'TaskDuration')
    const from = performance.now()
    bench.say(`  the wall at ${throttle} × throttle, ${bench.seconds} s`)
    await pause(bench.seconds * 1_000)
    const seconds = (performance.now() - from) / 1_000
    const busy = (await metric(cdp, 'TaskDuration')) - busyBefore
    const heap = await heapMb(cdp)
    const paintedMs = await raiseAlarms(server, page)
    return {
      mainMsPerSecond: (busy * 1_000) / seconds,
      paintedMs,
      heapGrowthMb: heap - heapBefore,
      heapMb: heap,
      firstPaintMs: first - (server.firstSnapshotAt ?? Number.NaN),
    }
  } finally {
    clearInterval(telling)
  }
}
