import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId, UserId } from '#domain/ids.ts'
import { defaultPathPolicy } from '#domain/path/overdue.ts'
import { Station } from '#domain/live/messages.ts'
import type { Canary } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'
import { reachOf } from '#domain/on-call/reachability.ts'
import { reachabilityOf } from '#server/core/reachability.ts'
import { PathTimer } from '#server/core/path/path-timer.ts'
import { stationAlarm } from '#server/core/path/station-alarm.ts'
import { Stations } from '#server/core/path/stations.ts'
import type { StationSeat } from '#server/core/path/stations.ts'
import { hub1, openServerBench } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
let stations: Stations
let timer: PathTimer
let kept: string[]
const anna: Person = { userId: UserId.parse('u-anna'), name: 'Anna' }
const demo: Person = { userId: UserId.parse('u-demo'), name: 'Demo' }
const off: Person = { userId: UserId.parse('u-off'), name: 'Off' }
/** Policy: 2.5 intervals of a minute, and the time between two looks. */
const deadline = 150_000 + 5_000

const wellLook: Station = {
  visible: true,
  audio: { state: 'running', advancing: true },
  lastInputAgeMs: 0,
  build: 'test',
  clockErrorMs: 20,
}

interface Page {
  readonly state: { frozen: boolean; look: Station; got: Canary[] }
  suspend(): void
  cut(): void
  connect(): void
  seat(): StationSeat | null
}

/** A page that speaks every 2 s and plays what it is asked to, in 300 ms. */
const openPage = (person: Person, session = `session of ${person.name}`): Page => {
  const state: Page['state'] = { frozen: false, look: wellLook, got: [] }
  let seat: StationSeat | null = null
  const connect = (): void => {
    seat = stations.open(person, session, (canary) => {
      state.got.push(canary)
      bench.clock.after(300, () => {
        const { audio } = state.look
        if (!state.frozen && audio.advancing) seat?.heard({ canaryId: canary.canaryId, audioMs: 200 })
      })
    })
  }
  const speak = (): void => {
    bench.clock.after(2_000, speak)
    if (!state.frozen) seat?.said(state.look)
  }
  connect()
  speak()
  return {
    state,
    suspend: () => void (state.look = { ...wellLook, audio: { state: 'suspended', advancing: false } }),
    cut: () => {
      seat?.left()
      seat = null
    },
    connect,
    seat: () => seat,
  }
}

const open = () =>
  bench.picture.openAlarms().map(({ code, condition, vendorText }) => `${code} ${condition}: ${vendorText}`)

const start = (): void => {
  stations = new Stations({
    proofs: { personProven: async ({ id }) => void kept.push(id) },
    policy: defaultPathPolicy,
    clock: bench.clock,
    newId: () => crypto.randomUUID(),
    log: bench.log,
  })
  const alarm = stationAlarm({
    system: (commands) => bench.alarms.system(commands),
    stations,
    isOnCall: (userId) => userId !== off.userId,
    isDemoPerson: (userId) => userId === demo.userId,
    policy: defaultPathPolicy,
    clock: bench.clock,
    newEpisodeId: bench.newEpisodeId,
    log: bench.log,
  })
  timer = new PathTimer({
    look: async () => {
      stations.passTime()
      await alarm.look()
    },
    scheduler: bench.clock,
  })
  timer.start()
}

beforeEach(async () => {
  kept = []
  bench = await openServerBench()
  start()
})
afterEach(async () => {
  await timer[Symbol.asyncDispose]()
  await bench.close()
})

const passes = (ms: number) => bench.clock.advanceAsync(ms)

describe('the path from the server to a nurse’s loudspeaker', () => {
  it('is proven within seconds of an armed page, then every minute, and no alarm comes of it', async () => {
    const page = openPage(anna)
    await passes(3_000)
    expect(stations.path(anna.userId)).toMatchObject({ overdue: false, tookMs: 300 })
    await passes(3_600_000)
    expect(page.state.got.length).toBeGreaterThan(50)
    expect(stations.path(anna.userId).overdue).toBe(false)
    expect(open()).toEqual([])
  })

  it('a hub’s test alarm goes on to every page, and a hundred hubs tire none', async () => {
    const page = openPage(anna)
    await passes(20_000)
    page.state.got.length = 0
    for (let hub = 0; hub < 100; hub += 1) stations.passOn(hub1)
    expect(page.state.got).toEqual([{ canaryId: expect.any(String), hubId: hub1 }])
  })

  it.each([
    ['its audio context is suspended', 'the sound is off', (page: Page): void => page.suspend()],
    ['its tab is frozen', 'the page is frozen', (page: Page): void => void (page.state.frozen = true)],
    ['its live feed is cut', 'no page is connected', (page: Page): void => page.cut()],
  ] as const)('%s: one alarm that names her within the deadline, ended by the next proof', async (_, why, breakIt) => {
    const page = openPage(anna)
    await passes(10_000)
    breakIt(page)
    // Her last proof is at most a minute old here.
    await passes(80_000)
    expect(open()).toEqual([])
    await passes(deadline - 80_000)
    expect(stations.path(anna.userId).overdue).toBe(true)
    expect(open()).toEqual([`path-unproven active: on call, and no page hears a test alarm: Anna (${why})`])
    page.state.frozen = false
    page.state.look = wellLook
    if (page.seat() === null) page.connect()
    await passes(70_000)
    expect(open()).toEqual([expect.stringContaining('path-unproven ended')])
  })

  it('a page whose sound was never turned on is found, too', async () => {
    openPage(anna).suspend()
    await passes(deadline)
    expect(open()).toEqual([expect.stringContaining('Anna (the sound is off)')])
  })

  it('who signed out or is not on call is not waited for', async () => {
    openPage(off).suspend()
    openPage(anna).suspend()
    await passes(10_000)
    stations.sessionEnded('session of Anna')
    await passes(2 * deadline)
    expect(open()).toEqual([])
  })

  it('of two pages of a nurse one is enough', async () => {
    openPage(anna, 'a').suspend()
    openPage(anna, 'b')
    await passes(2 * deadline)
    expect(open()).toEqual([])
  })

  it('a demo person has an alarm of its own, which pages nobody real', async () => {
    openPage(demo).suspend()
    await passes(deadline)
    expect(bench.picture.openAlarms().map(({ code, simulated }) => ({ code, simulated }))).toEqual([
      { code: 'path-unproven', simulated: true },
    ])
  })

  it('an answer that nobody asked for, or that comes a second time, proves nothing', async () => {
    const page = openPage(anna)
    page.state.look = { ...wellLook, audio: { state: 'running', advancing: false } }
    await passes(10_000)
    expect(page.seat()?.heard({ canaryId: 'guessed', audioMs: 200 })).toBeNull()
    const [asked] = page.state.got
    const answer = { canaryId: asked?.canaryId ?? '', audioMs: 200 }
    expect(page.seat()?.heard(answer)).toMatchObject({ overdueAfterMs: 150_000 })
    expect(page.seat()?.heard(answer)).toBeNull()
  })

  it('an alarm of an earlier start stands until she had the time to come back, and the last proof is known', async () => {
    openPage(anna).suspend()
    await passes(deadline)
    await timer[Symbol.asyncDispose]()
    start()
    stations.remember([{ id: anna.userId, provenAt: bench.clock.now(), tookMs: 5 }])
    await passes(100_000)
    expect(open()).toEqual([expect.stringContaining('path-unproven active')])
    expect(stations.path(anna.userId).provenAt).not.toBeNull()
  })

  it('proofs are kept, and not one a minute', async () => {
    openPage(anna)
    await passes(3_600_000)
    expect(kept.length).toBeGreaterThan(5)
    expect(kept.length).toBeLessThan(15)
  })

  it('a station that pauses its sound is not audible for so long, and says for which alarms', async () => {
    const page = openPage(anna)
    await passes(10_000)
    const facts = () => ({ stations: stations.looks(anna.userId), addresses: 1, path: stations.path(anna.userId) })
    const episodeIds = [EpisodeId.parse('ep-1')]
    page.state.look = { ...wellLook, pause: { leftMs: 60_000, priority: 'high', episodeIds } }
    await passes(2_000)
    expect(reachOf(facts())).toEqual({ reach: 'doubtful', reasons: ['sound-paused'] })
    const now = bench.clock.now()
    expect(reachabilityOf({ facts }, anna, now).paused).toEqual({ until: now + 60_000, episodeIds })
    // It ends by itself, also when the page says nothing more of it.
    page.state.frozen = true
    await passes(4_000)
    expect(reachabilityOf({ facts }, anna, bench.clock.now()).paused?.until).toBe(now + 60_000)
    await passes(56_000)
    expect(facts().stations[0]?.pause).toBeNull()
  })

  it('of two stations one that sounds is enough', async () => {
    openPage(anna, 'a').state.look = {
      ...wellLook,
      pause: { leftMs: 60_000, priority: 'high', episodeIds: [] },
    }
    openPage(anna, 'b')
    await passes(10_000)
    const facts = () => ({ stations: stations.looks(anna.userId), addresses: 1, path: stations.path(anna.userId) })
    expect(reachOf(facts())).toMatchObject({ reach: 'reachable' })
    expect(reachabilityOf({ facts }, anna, bench.clock.now()).paused).toBeNull()
  })

  it('a station of somebody who looks only says so, each page for itself', async () => {
    openPage(anna, 'a').state.look = { ...wellLook, duty: 'looking' }
    openPage(anna, 'b').state.look = { ...wellLook, duty: 'on-call' }
    openPage(anna, 'c')
    await passes(2_000)
    expect(stations.looks(anna.userId).map(({ lookingOnly }) => lookingOnly)).toEqual([true, false, false])
  })

  it('no station can say that it is quiet for longer than a pause may last', () => {
    const look = { ...wellLook, pause: { leftMs: 300_001, priority: 'high', episodeIds: [] } }
    expect(Station.safeParse(look).success).toBe(false)
  })

  it('whoever has not heard a test alarm lately may not be reached', async () => {
    openPage(anna)
    await passes(10_000)
    const facts = () => ({ stations: stations.looks(anna.userId), addresses: 1, path: stations.path(anna.userId) })
    expect(reachOf(facts())).toEqual({ reach: 'reachable', reasons: [] })
    expect(reachOf({ ...facts(), path: { provenAt: null, overdue: true } })).toEqual({
      reach: 'doubtful',
      reasons: ['path-unproven'],
    })
  })
})
