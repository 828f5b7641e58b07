import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSystem, type SystemUnderTest } from './engines.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { StolenTime } from '#test/support/stolen-time.ts'
import { readTruth, samplesOf, startsOf } from '#test/support/truth.ts'
import { Wall } from './wall.ts'

// The main job on real input: bytes on pseudo-terminals and messages on a real broker become time series, and live alarms that a
// nurse accepts in a real browser. Once with each telemetry store; the answers are held against the simulators' own log.

const lateAfterMs = 30_000
const outageMs = 60_000

describe.each(['sqlite', 'influx'] as const)('the whole path with %s', (engine) => {
  let under: SystemUnderTest
  let browser: Browser
  let page: Page
  let wall: Wall

  beforeAll(async () => {
    under = await openSystem(engine, { env: { LATE_AFTER_MS: String(lateAfterMs) } })
    browser = await Browser.open()
    page = await browser.page()
    wall = new Wall(page)
  })

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await under?.[Symbol.asyncDispose]()
  })

  it('signs the nurse in, with sound armed by that click and every pump on the wall', async () => {
    const { name, password } = under.system.password('nurse')
    await wall.signIn(under.system.url, name, password)
    await eventuallyPasses(async () => expect(await wall.liveState()).toBe('live'), { within: 10_000 })
    await eventuallyPasses(async () => expect(await wall.soundArmed()).toBe(true), { within: 10_000 })
    await eventuallyPasses(
      async () => expect(await page.getByTestId('pump-tile').count()).toBe(under.system.pumps.length),
      { within: 10_000 },
    )
    expect(await page.getByTestId('simulated-band').isVisible()).toBe(true)
  })

  it('rings and flashes on an occlusion, is taken, shows the end, and leaves the wall when closed out', async () => {
    await under.system.act('SIM-0001', 'occlude')
    const row = wall.row('SIM-0001', 'occlusion-downstream')
    await row.waitFor({ timeout: 60_000 })
    expect(await row.getAttribute('data-priority')).toBe('high')
    expect(await row.getAttribute('data-response')).toBe('new')
    expect(await wall.flashPeriodsMs()).toContain(500)
    await eventuallyPasses(async () => expect(await wall.soundingPriority()).toBe('high'))

    await wall.take(row)
    await eventuallyPasses(async () => expect(await row.getAttribute('data-response')).toBe('accepted'))
    await eventuallyPasses(async () => expect(await wall.soundingPriority()).toBe(null))
    expect(await row.getAttribute('data-condition')).toBe('active')

    // An alarm overtakes samples: the line stays kinked until the pump has told its stopped rate, too.
    const stopped = () =>
      readTruth(under.system.truthFile).some((line) => line.pumpId === 'SIM-0001' && line.rateMlPerHour === 0)
    await eventually(stopped)
    await under.system.act('SIM-0001', 'release')
    await eventuallyPasses(async () => expect(await row.getAttribute('data-condition')).toBe('ended'), {
      within: 15_000,
    })
    await wall.closeOut(row)
    await row.waitFor({ state: 'detached', timeout: 5_000 })
  })

  it('draws the pressure rising and the rate stopping', async () => {
    const nurse = await under.system.signIn('nurse')
    // An alarm overtakes the samples around it, so that they may still be on their way.
    await eventuallyPasses(
      async () => {
        const now = Date.now()
        const history = await nurse.history('SIM-0001', now - 15 * 60_000, now)
        const pressures = history.buckets.flatMap(({ values }) => values.linePressureMmHg?.[2] ?? [])
        const rates = history.buckets.flatMap(({ values }) => values.rateMlPerHour?.[1] ?? [])
        expect(Math.max(...pressures)).toBeGreaterThan(3 * Math.min(...pressures))
        expect(Math.min(...rates)).toBe(0)
        expect(Math.max(...rates)).toBeGreaterThan(0)
      },
      { within: 30_000 },
    )

    await page.goto(`${under.system.url}/#/pumps/SIM-0001`)
    await eventuallyPasses(async () => expect(await page.locator('canvas').count()).toBeGreaterThanOrEqual(3), {
      within: 10_000,
    })
    await page.goto(`${under.system.url}/#/`)
  })

  it('names a pump that falls silent within 15 s, and hears it again within 5 s', async () => {
    await under.system.act('SIM-0002', 'unplug')
    const unplugged = performance.now()
    const row = wall.row('SIM-0002', 'link-lost-pump')
    await row.waitFor({ timeout: 15_000 })
    const noticedMs = performance.now() - unplugged
    const tile = page.locator('[data-testid="pump-tile"][data-pump="SIM-0002"]')
    await eventuallyPasses(async () => expect(await tile.getAttribute('data-freshness')).toBe('stale'), {
      within: 60_000,
    })

    await under.system.act('SIM-0002', 'replug')
    const replugged = performance.now()
    await eventuallyPasses(async () => expect(await tile.getAttribute('data-freshness')).toBe('fresh'), {
      within: 5_000,
    })
    const resumedMs = performance.now() - replugged
    await eventuallyPasses(async () => expect(await row.getAttribute('data-condition')).not.toBe('active'), {
      within: 5_000,
    })
    console.log(
      `${engine}: link loss noticed after ${noticedMs.toFixed(0)} ms, resumed after ${resumedMs.toFixed(0)} ms`,
    )
  })

  it('covers the page while the server is dead, and loses nothing of that minute', async () => {
    const from = Date.now()
    await under.system.server.kill('SIGKILL')
    const killed = performance.now()
    using stolen = new StolenTime()
    // Early ones are over the late limit when the server is back, the last one is not.
    await under.system.act('SIM-0004', 'occlude')
    await under.system.act('SIM-0005', 'cassette-off')
    await under.system.act('8002-00003', 'occlude')
    await page.getByTestId('not-live').waitFor({ timeout: 15_000 })
    expect(await wall.takeButtons()).toBe(0)
    await eventually(() => performance.now() - killed > outageMs - 10_000, { within: outageMs, every: 250 })
    await under.system.act('SIM-0006', 'cassette-off')
    await eventually(() => performance.now() - killed > outageMs, { within: outageMs, every: 250 })
    const until = Date.now()
    // A hub that waits for its turn dates an alarm when it reads it.
    const datedWithinMs = 2_500 + stolen.ms
    await under.system.startServer()
    const nurse = await under.system.signIn('nurse')

    const truth = () => readTruth(under.system.truthFile).filter(({ wallAt }) => wallAt >= from && wallAt < until)
    await eventuallyPasses(
      async () => {
        for (const { id } of under.system.pumps) {
          const told = samplesOf(truth(), id)
          const history = await nurse.history(id, from - 5_000, until + 5_000)
          expect(history.resolutionMs).toBe(0)
          const stored = history.buckets.map(({ values }) => values.infusedTotalMl?.[0] ?? null)
          const first = stored.findIndex((_, index) => told.every((value, k) => stored[index + k] === value))
          expect(
            first,
            `${id}: ${told.length} samples told, ${stored.length} stored around them`,
          ).toBeGreaterThanOrEqual(0)
          const overLimit = history.buckets.filter(
            (bucket) => bucket.from > from && bucket.to < until - lateAfterMs - 1_000,
          )
          expect(overLimit.length, `${id}: samples over the late limit`).toBeGreaterThan(5)
          expect(
            overLimit.every(({ late }) => late === 1),
            `${id}: they are marked late`,
          ).toBe(true)
        }
      },
      { within: 60_000, every: 500, what: 'every sample of the outage' },
    )
    const starts = startsOf(truth())
    expect(starts.length).toBeGreaterThanOrEqual(4)
    const told = await eventually(
      async () => {
        const open = await nurse.openAlarms()
        const seen = Date.now()
        const told = starts.map(({ pumpId, code, wallAt }) => ({
          what: `${code} of ${pumpId}`,
          wallAt,
          seen,
          found: open.filter((alarm) => alarm.pumpId === pumpId && alarm.code === code),
        }))
        for (const { what, found } of told) expect(found, what).toHaveLength(1)
        return told
      },
      { within: 30_000, every: 500, what: 'every alarm of the outage' },
    )
    for (const { what, wallAt, seen, found } of told)
      for (const { startedAt, uncertaintyMs, late } of found) {
        expect(Math.abs(startedAt - wallAt), `${what}: when it began`).toBeLessThan(datedWithinMs + uncertaintyMs)
        // What the server has only just heard is late by how long that took, too.
        if (until - startedAt > lateAfterMs) expect(late, `${what} is late`).toBe(true)
        if (seen - startedAt < lateAfterMs) expect(late, `${what} is late`).toBe(false)
      }
  })

  it('comes back by itself on the page, and shows what is open', async () => {
    await eventuallyPasses(async () => expect(await wall.liveState()).toBe('live'), { within: 10_000 })
    const nurse = await under.system.signIn('nurse')
    await eventuallyPasses(
      async () => {
        const open = (await nurse.openAlarms()).map(({ episodeId }) => episodeId).toSorted()
        expect((await wall.episodes()).toSorted()).toEqual(open)
      },
      { within: 10_000 },
    )
    expect(browser.complaints.filter((text) => text.startsWith('CSP') || text.startsWith('error'))).toEqual([])
  })
})
