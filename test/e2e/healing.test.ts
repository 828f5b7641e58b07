import { availableParallelism, loadavg } from 'node:os'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { LiveLine } from '#test/support/live-line.ts'
import { TwoTabs } from '#test/support/second-target.ts'
import { asleep, familyOf } from '#test/support/stopped-processes.ts'
import { differsFromJournal, inJournal, linkState } from '#test/support/shown-alarms.ts'
import type { Read } from '#test/support/shown-alarms.ts'
import { StolenTime } from '#test/support/stolen-time.ts'
import { storedAlarms } from '#test/support/stored-alarms.ts'
import { blockedAudio } from '#test/support/scripted-audio.ts'
import { System } from '#test/support/system.ts'
import type { FleetMember } from '#test/support/system.ts'
import { looksLive } from './looks-live.ts'
import { Wall } from './wall.ts'

// Real pumps, hub, server, sockets and browser, and everything between them that breaks at night. Of every fault: an alarm happens
// while it lasts; while the page is not live nothing on it looks live; afterwards it shows what the journal's file holds.

const pumps: readonly FleetMember[] = ['SIM-0001', 'SIM-0002', 'SIM-0003', 'SIM-0004'].map((id) => ({
  id,
  protocol: 'mqtt-json',
  wire: 'mqtt',
}))

/** Two seconds of a machine that has its cores for itself. */
const withinMs = (): number => 2_000 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())

const live = async (page: Page): Promise<void> =>
  await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor({ timeout: 60_000 })
const notLive = async (page: Page): Promise<void> => await page.getByTestId('not-live').waitFor({ timeout: 60_000 })
const sounding = async (page: Page) => await page.getByTestId('sound-chip').getAttribute('data-sounding')
const reads =
  (page: Page): Read =>
  async (script) =>
    await page.evaluate(script)

describe('what heals', () => {
  let system: System
  let line: LiveLine
  let browser: Browser
  let page: Page
  let wall: Wall

  beforeAll(async () => {
    line = await LiveLine.open()
    system = await System.start({ pumps, origins: [line.url] })
    line.leadTo(system.serverPort)
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(60_000)
    wall = new Wall(page)
    const { name, password } = system.password('nurse')
    await wall.signIn(line.url, name, password)
    await live(page)
  })
  afterEach(async () => {
    line.mend()
    await browser.offline(false)
    if (!system.server.running) await system.startServer()
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await system?.[Symbol.asyncDispose]()
    await line?.[Symbol.asyncDispose]()
  })

  const journal = () => inJournal(system.journalFile)

  let turn = 0
  /** Cassettes come off one pump after the other, and then back on: each time something that the journal did not have. */
  const somethingHappens = async (): Promise<void> => {
    const before = JSON.stringify(journal())
    const pumpId = pumps[turn % pumps.length]?.id ?? ''
    const goesOn = Math.floor(turn / pumps.length) % 2 === 1
    for (const act of goesOn ? ['cassette-on', 'resume'] : ['cassette-off']) await system.act(pumpId, act)
    turn += 1
    await eventually(() => JSON.stringify(journal()) !== before, { within: 60_000, every: 50, what: 'the journal' })
  }

  const equalsJournal = async (read: Read): Promise<boolean> => {
    expect(await differsFromJournal(read, system.journalFile)).toBeNull()
    return true
  }

  /** From the moment a socket was there again; a bounded wait for that comes first (W17). */
  const heals = async (what: string, since: number, read = reads(page)): Promise<void> => {
    using stolen = new StolenTime()
    await eventually(() => line.connectedAt > since, { within: 60_000, every: 5, what: 'a socket' })
    await eventually(async () => await equalsJournal(read), { within: 60_000, every: 20, what: 'screen = journal' })
    const tookMs = performance.now() - line.connectedAt
    const [socketMs, bound] = [line.connectedAt - since, withinMs() + stolen.ms]
    console.log(`${what}: socket after ${socketMs.toFixed(0)} ms, screen = journal ${tookMs.toFixed(0)} ms later`)
    expect(tookMs, `${what}: at most ${bound.toFixed(0)} ms at this load`).toBeLessThan(bound)
  }

  const saysBack = async (text: RegExp): Promise<void> => {
    await eventuallyPasses(async () => expect(await page.getByTestId('back').innerText()).toMatch(text), {
      within: 20_000,
    })
    await page.getByTestId('back').getByRole('button').click()
  }

  it('shows what the journal holds before anything breaks', async () => {
    await somethingHappens()
    await eventually(async () => await equalsJournal(reads(page)), { within: 30_000 })
    expect(journal()).not.toEqual([])
  })

  it('a socket that is cut, and refused while an alarm comes', async () => {
    line.cut()
    await somethingHappens()
    const healed = performance.now()
    line.mend()
    await heals('socket cut', healed)
  })

  it('W29: a Take whose answer is lost looks taken only when the server has said so, and is one act', async () => {
    const row = page.locator('[data-testid="alarm-row"][data-response="new"]').first()
    const episodeId = await row.getAttribute('data-episode')
    const mine = page.locator(`[data-testid="alarm-row"][data-episode="${episodeId}"]`)
    const stored = () => storedAlarms(system.journalFile).find((alarm) => alarm.episodeId === episodeId)
    const { version = 0 } = stored() ?? {}
    // The server hears the act; nothing that it says of it comes back.
    line.treat = (event) => (event === null ? 'pass' : 'drop')
    // A press on a row that has just moved is not taken (W32).
    await eventually(
      async () => {
        if ((await mine.getByTestId('sending').count()) > 0) return true
        await mine.getByTestId('take').click()
        return false
      },
      { within: 30_000, every: 500, what: 'the act to be sent' },
    )
    await eventuallyPasses(() => expect(stored()?.response).toBe('accepted'), { within: 20_000 })
    expect(await mine.getAttribute('data-response')).toBe('new')
    const healed = performance.now()
    line.cut()
    line.mend()
    await heals('answer lost', healed)
    await eventuallyPasses(async () => expect(await mine.getByTestId('sending').count()).toBe(0), { within: 20_000 })
    expect(stored()?.version).toBe(version + 1)
  })

  it('W14, W16: messages that are lost, come twice or overtake each other', async () => {
    const fates = ['drop', 'twice', 'hold'] as const
    let told = 0
    line.treat = (event) => (event === 'update' ? (fates[(told += 1) % fates.length] ?? 'pass') : 'pass')
    const { counts } = line
    for (let round = 0; round < 3 || Math.min(counts.dropped, counts.doubled, counts.held) < 1; round += 1)
      await somethingHappens()
    line.mend()
    await eventually(async () => await equalsJournal(reads(page)), { within: 20_000, every: 20 })
    expect(Math.min(counts.dropped, counts.doubled, counts.held)).toBeGreaterThan(0)
    expect(await page.getByTestId('back').count()).toBe(0)
  })

  it('W6, W7: a network that falls silent without a word, on sockets that stay open', async () => {
    // The age of the picture counts from its last heartbeat, which what was lost before may have put off.
    const dataAsOf = async () => await page.getByTestId('live-pill').innerText()
    const before = await dataAsOf()
    await eventuallyPasses(async () => expect(await dataAsOf()).not.toBe(before), { within: 20_000, every: 20 })
    line.fallSilent()
    const silent = performance.now()
    await notLive(page)
    expect(performance.now() - silent).toBeGreaterThan(8_500)
    await somethingHappens()
    expect(await looksLive(page)).toEqual([])
    const healed = performance.now()
    line.mend()
    await heals('silent network', healed)
    await saysBack(/^Back\. [1-9]\d* alarms? changed while away/)
  })

  it('a browser that is offline', async () => {
    await browser.offline(true)
    line.cut()
    await notLive(page)
    await somethingHappens()
    expect(await looksLive(page)).toEqual([])
    line.mend()
    const healed = performance.now()
    await browser.offline(false)
    await heals('offline', healed)
    await saysBack(/^Back\. [1-9]/)
  })

  it('W10: a laptop that sleeps for 20 s', async () => {
    const family = familyOf(browser.profile)
    expect(family.length).toBeGreaterThan(2)
    const slept = performance.now()
    const sleeps = asleep(family, 20_000)
    await somethingHappens()
    await sleeps
    await heals('laptop asleep', slept)
    await saysBack(/^This screen was asleep .* [1-9]\d* alarms? happened/)
  })

  it('W6: a laptop whose own clock stood still while it slept', async () => {
    const [worker] = page.workers()
    if (worker === undefined) throw new Error('the page has no worker')
    const slept = performance.now()
    await worker.evaluate(`{ const now = Date.now; Date.now = () => now() + 1_200_000 }`)
    await heals('clock jumped', slept)
    await saysBack(/^This screen was asleep/)
  })

  it('W15: the server is killed under ten tabs on every screen, and each comes back with what it watched', async () => {
    // Each screen, and what stands on it once it has come.
    const screens = {
      '#/': '[data-testid="alarm-row"]',
      '#/pumps/SIM-0001': '.values > .value',
      '#/pumps': '[data-testid="roster-row"]',
      '#/hubs': '[data-testid="hub-row"]',
      '#/handover': '[data-testid="sheet"], .duty-block',
    }
    const hashes = Object.keys(screens) as (keyof typeof screens)[]
    const tabs: { readonly hash: keyof typeof screens; readonly page: Page }[] = []
    for (let index = 1; index < 10; index += 1) {
      const hash = hashes[index] ?? '#/'
      const tab = await browser.tab()
      await tab.goto(`${line.url}/${hash}`)
      tabs.push({ hash, page: tab })
    }
    for (const { hash, page: tab } of tabs) {
      await live(tab)
      await tab.locator(screens[hash]).first().waitFor({ timeout: 60_000 })
    }
    const walls = tabs.filter(({ hash }) => hash === '#/')
    for (const { page: tab } of walls) await eventually(async () => await equalsJournal(reads(tab)), { within: 30_000 })

    await system.server.kill('SIGKILL')
    for (const tab of tabs) await notLive(tab.page)
    const seen = await Promise.all(
      [{ hash: '#/', page }, ...tabs.slice(0, 4)].map(async (tab) => [tab.hash, await looksLive(tab.page)]),
    )
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(hashes.map((hash) => [hash, []])))
    await system.act('SIM-0001', 'drain-battery', { amount: 10 })

    const healed = performance.now()
    await system.startServer()
    await heals('server killed', healed)
    for (const tab of tabs) await live(tab.page)
    for (const { page: tab } of walls) await eventually(async () => await equalsJournal(reads(tab)), { within: 30_000 })
    const pump = tabs.find(({ hash }) => hash.startsWith('#/pumps/'))?.page
    await pump?.locator('.values > .value:not(.hatch):not(.old)').first().waitFor({ timeout: 60_000 })
    for (const tab of tabs) await tab.page.close()
  })

  it('W3: a tab whose sound is blocked says so and holds no lock; of several one sounds, and another one when it is gone', async () => {
    const other = await browser.tab()
    await other.addInitScript(blockedAudio)
    await other.goto(`${line.url}/`)
    await live(other)
    await other.getByTestId('sound-bar').waitFor()
    expect(await other.getByTestId('sound-chip').getAttribute('data-armed')).toBe('false')
    await eventually(async () => await equalsJournal(reads(other)), { within: 30_000 })
    await eventuallyPasses(async () => expect(await sounding(page)).not.toBeNull(), { within: 30_000 })
    await other.evaluate('window.mayPlay = true')
    // The press arms it before it reaches the button, and the bar goes with that.
    await other.mouse.click(4, 4)
    await other.locator('[data-testid="sound-chip"][data-armed="true"]').waitFor()
    expect([await sounding(page), await sounding(other)].filter((kind) => kind !== null)).toHaveLength(1)
    const gone = performance.now()
    await page.goto('about:blank')
    await eventuallyPasses(async () => expect(await sounding(other)).not.toBeNull(), { within: 30_000, every: 50 })
    console.log(`sound: another tab after ${(performance.now() - gone).toFixed(0)} ms`)
    await other.close()
  })

  describe('in a browser whose tabs are hidden and frozen', () => {
    let tabs: TwoTabs
    const read: Read = async (script) => await tabs.evaluate(script)
    const state = async () => await tabs.evaluate<string | undefined>(linkState)

    beforeAll(async () => {
      tabs = await TwoTabs.open(`${line.url}/`)
      const { name, password } = system.password('nurse')
      const body = JSON.stringify(JSON.stringify({ name, password }))
      await eventually(async () => await tabs.evaluate(`document.querySelector('form') !== null`), { within: 60_000 })
      await tabs.evaluate(`fetch('/api/v1/session', { method: 'POST', body: ${body},
        headers: { 'content-type': 'application/json' } }).then(() => location.reload())`)
      await eventuallyPasses(async () => expect(await state()).toBe('live'), { within: 60_000 })
      await tabs.evaluate(`document.querySelector('[data-testid="sound-bar"] button')?.click()`, true)
    })
    afterAll(async () => await tabs?.[Symbol.asyncDispose]())

    it('W10: a hidden tab goes on judging and sounding, and is right when it is looked at', async () => {
      await tabs.hide()
      await eventuallyPasses(async () => expect(await tabs.evaluate(`document.visibilityState`)).toBe('hidden'))
      line.fallSilent()
      await eventuallyPasses(async () => expect(await state()).toBe('not-live'), { within: 60_000, every: 100 })
      const sounds = `document.querySelector('[data-testid="sound-chip"]').dataset.sounding`
      await eventuallyPasses(async () => expect(await tabs.evaluate(sounds)).toBe('not-live'), { within: 20_000 })
      await somethingHappens()
      expect(await tabs.evaluate(`document.visibilityState`)).toBe('hidden')
      const healed = performance.now()
      line.mend()
      await heals('hidden tab', healed, read)
      await tabs.bringToFront()
    })

    it('W10: a tab that is frozen for 20 s says afterwards what it slept through', async () => {
      const back = `document.querySelector('[data-testid="back"]')?.innerText ?? ''`
      await tabs.evaluate(`document.querySelector('[data-testid="back"] > button')?.click()`)
      do {
        await tabs.freeze()
        await somethingHappens()
      } while (!(await tabs.staysFrozen(20_000)))
      const healed = performance.now()
      await tabs.thaw()
      await heals('frozen tab', healed, read)
      await eventuallyPasses(
        async () => expect(await tabs.evaluate(back)).toMatch(/^This screen was asleep .* [1-9]\d* alarms? happened/),
        { within: 20_000 },
      )
    })
  })
})
