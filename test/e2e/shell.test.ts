import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { Browser } from '#test/support/browser.ts'
import { eventuallyPasses } from '#test/support/eventually.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { alarmOf, hubOf, pumpOf } from '#test/support/live-fixtures.ts'

// What surrounds every screen, in a real browser: where one can go, what the page says of itself, and what it does when it is not
// live, asleep or over.

const dist = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')

const pictureNow = (): Picture => {
  const now = Date.now()
  return {
    pumps: [pumpOf('P-0421', { sampledAt: now, receivedAt: now, label: 'North 12' })],
    hubs: [hubOf('hub-1', { lastHeardAt: now, pumpIds: [PumpId.parse('P-0421')] })],
    alarms: [
      alarmOf('high', { startedAt: now - 48_000 }),
      alarmOf('medium', { code: 'battery-low', priority: 'medium', startedAt: now - 125_000 }),
      alarmOf('low', { code: 'reservoir-low', priority: 'low', startedAt: now - 600_000 }),
    ],
    closed: [],
  }
}

describe('the shell of the dashboard', () => {
  let browser: Browser
  let server: FakeLiveServer
  let page: Page

  const open = async (address = '/', picture = pictureNow(), signedIn = true): Promise<void> => {
    await server?.[Symbol.asyncDispose]()
    server = await FakeLiveServer.start(dist, picture, signedIn)
    await page.goto(`${server.url}${address}`)
    if (signedIn) await live()
  }
  const live = async (): Promise<void> =>
    await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor({ timeout: 60_000 })

  beforeAll(async () => {
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(60_000)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await browser?.[Symbol.asyncDispose]()
  })

  it('goes to every screen by keys, lists them, and is quiet when single keys are switched off', async () => {
    await open()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByTestId('hub-row').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.getByTestId('roster-row').first().waitFor()
    await page.keyboard.press('?')
    await page.locator('dialog[open]').waitFor()
    expect(await page.locator('dialog[open] dt').count()).toBeGreaterThan(10)
    await page.locator('dialog').getByTestId('keys-switch').uncheck()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.keyboard.press('?')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(page.url()).toContain('#/pumps')
    await page.getByTestId('user-menu').click()
    await page.getByTestId('keys-switch').check()
    await page.getByTestId('user-menu').click()
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.getByTestId('alarm-row').first().waitFor()
  })

  it('counts what nobody owns in the title and by the icon’s shape, and names no patient', async () => {
    await open('/#/pumps/P-0421')
    await eventuallyPasses(async () => expect(await page.title()).toBe('(2) Pump P-0421 – North'))
    const icon = page.locator('#icon')
    expect(await icon.getAttribute('href')).toBe('/icon-high.svg')
    server.show(alarmOf('high', { response: 'closed', condition: 'ended', version: 3, endedAt: Date.now() }))
    await eventuallyPasses(async () => expect(await icon.getAttribute('href')).toBe('/icon-medium.svg'))
    expect(await page.title()).toBe('(1) Pump P-0421 – North')
    expect(page.url()).not.toContain('North')
  })

  it('has four tabs on a phone, the last of which leads to the rest', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open()
    await page.getByTestId('go-more').click()
    await page.locator('.rail-more [data-testid="go-hubs"]').click()
    await page.getByTestId('hub-row').waitFor()
    expect(await page.locator('.rail-more').getAttribute('open')).toBeNull()
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('runs from right to left in the pseudo-locale: every screen, no text past the words, nothing wider than the window', async () => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 })
      for (const [hash, ready] of [
        ['#/', 'alarm-row'],
        ['#/pumps', 'roster-row'],
        ['#/pumps/P-0421', 'pump-channel'],
        ['#/hubs', 'hub-row'],
      ] as const) {
        await open(`/?lang=pseudo${hash}`)
        if (ready !== 'pump-channel') await page.getByTestId(ready).first().waitFor()
        expect(await page.evaluate(`document.documentElement.dir + document.documentElement.lang`)).toBe('rtlen-XB')
        expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(width)
        expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^⟦/)
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await open('/?lang=en')
    expect(await page.evaluate(`document.documentElement.dir`)).toBe('ltr')
  })

  it('W12: warns five minutes before the session ends, and signs in again without leaving the alarms', async () => {
    await open()
    server.sessionEndsInMs = 4 * 60_000
    await page.reload()
    await live()
    await page.getByTestId('session-bar').getByRole('button').click()
    server.sessionEndsInMs = 8 * 3_600_000
    await page.fill('input[name=name]', 'osei')
    await page.fill('input[name=password]', 'wrong')
    await page.click('dialog button[type=submit]')
    await page.locator('dialog [role=alert]').waitFor()
    expect(await page.getByTestId('alarm-row').count()).toBe(3)
    await page.fill('input[name=password]', 'right')
    await page.click('dialog button[type=submit]')
    await page.getByTestId('session-bar').waitFor({ state: 'detached' })
    await live()
    expect(await page.getByTestId('alarm-row').count()).toBe(3)
  })

  it('lists what happened while it was away, also what began and ended meanwhile', async () => {
    const closed: AlarmView[] = []
    await open('/', { ...pictureNow(), closed })
    server.silence()
    await page.getByTestId('not-live').waitFor({ timeout: 20_000 })
    const now = Date.now()
    server.changeSilently(alarmOf('missed', { code: 'air-in-line', startedAt: now }))
    closed.push(
      alarmOf('came-and-went', { code: 'battery-depleted', startedAt: now, endedAt: now, condition: 'closed' }),
    )
    server.silence(false)
    const back = page.getByTestId('back')
    await back.waitFor({ timeout: 20_000 })
    await back.locator('summary').click()
    await eventuallyPasses(async () => expect(await back.locator('li').count()).toBe(2))
    expect(await back.innerText()).toContain('2 alarms changed while away')
    expect(await back.innerText()).toContain('still open')
    expect(await back.innerText()).toContain('closed meanwhile')
  })

  it('that is one too many of its session says so at once, and goes on by itself when there is room', async () => {
    await open()
    server.fullWith = 20
    server.dropSockets()
    const band = page.getByTestId('not-live')
    await eventuallyPasses(async () => expect(await band.innerText()).toContain('20 screens are open'), {
      within: 15_000,
    })
    server.fullWith = null
    await live()
    await band.waitFor({ state: 'detached' })
  })

  it('says at once that a server which can store nothing pages nobody, whom to call, and goes on by itself', async () => {
    await open()
    server.keepsNothing = true
    server.dropSockets()
    const band = page.getByTestId('not-live')
    await eventuallyPasses(async () => expect(await band.innerText()).toContain('pages nobody'), { within: 15_000 })
    await band.getByTestId('phones').waitFor()
    expect(await band.innerText()).not.toContain('goes on without this screen')
    expect(await page.getByTestId('alarm-row').first().innerText()).toContain('Nobody is paged')
    server.keepsNothing = false
    await live()
    await band.waitFor({ state: 'detached' })
  })

  it('W13: offers a new build during a High, and loads itself for another protocol', async () => {
    await open()
    server.build = 'a later one'
    await page.getByTestId('update-bar').waitFor()
    expect(await page.getByTestId('alarm-row').count()).toBe(3)
    await page.evaluate(`window.sameLoad = true`)
    server.refuseProtocol()
    await eventuallyPasses(async () => expect(await page.evaluate(`window.sameLoad === undefined`)).toBe(true), {
      within: 15_000,
    })
  })

  it('W13: brings a screen that was lost on its way when it is asked for again, and loads itself anew for it only at a press during a High', async () => {
    await using own = await Browser.open()
    page = await own.page()
    page.setDefaultTimeout(60_000)
    /** Until it is called found again: a browser asks once or twice for a part, and may or may not remember that it did not come. */
    const lost = async (file: string): Promise<() => void> => {
      let isLost = true
      await page.route(file, async (route) => await (isLost ? route.abort() : route.fallback()))
      return () => (isLost = false)
    }
    const again = page.getByTestId('screen-failed').getByRole('button')
    const isSameLoad = async (): Promise<boolean> => await page.evaluate(`window.sameLoad === true`)
    const armed = page.locator('[data-testid="sound-chip"][data-armed="true"]')
    // Without it every part is kept before somebody asks for it.
    await page.addInitScript(`navigator.serviceWorker.register = () => Promise.reject(new Error('lost'))`)

    // Its style.
    await open()
    await page.evaluate(`window.sameLoad = true`)
    await page.mouse.click(2, 2)
    await armed.waitFor()
    const styleFound = await lost('**/hubs-page-*.css')
    await page.evaluate(`location.hash = '#/hubs'`)
    await again.waitFor()
    styleFound()
    await again.click()
    await page.getByTestId('hub-row').waitFor()
    expect(await page.evaluate(`[...document.styleSheets].some(({ href }) => href.includes('hubs-page'))`)).toBe(true)
    expect(await isSameLoad()).toBe(true)

    // Its code, during a High.
    const codeFound = await lost('**/pumps-page-*.js')
    await page.evaluate(`location.hash = '#/pumps'`)
    await again.click()
    const bar = page.getByTestId('update-bar')
    await bar.waitFor()
    expect(await bar.innerText()).toContain('A part of this page did not come')
    await page.route('**/api/v1/me', async (route) => await route.abort())
    const asked = page.waitForRequest('**/api/v1/me')
    await bar.getByRole('button').click()
    await asked
    // Without a server it stays as it is.
    await page.getByTestId('screen-failed').waitFor()
    expect(await isSameLoad()).toBe(true)
    await page.unroute('**/api/v1/me')
    codeFound()
    await bar.getByRole('button').click()
    await page.getByTestId('roster-row').waitFor()
    expect(await isSameLoad()).toBe(false)
    await armed.waitFor()

    // The same without a High: the press is enough.
    await open('/', { ...pictureNow(), alarms: [] })
    const pumpFound = await lost('**/pump-page-*.js')
    await page.evaluate(`location.hash = '#/pumps/P-0421'`)
    await again.waitFor()
    pumpFound()
    await again.click()
    await page.getByTestId('pump-identity').first().waitFor()

    // What the worker asks with.
    await open()
    const callsFound = await lost('**/alarm-calls-*.js')
    await page.getByTestId('alarm-row').first().click()
    await bar.waitFor()
    callsFound()
    await bar.getByRole('button').click()
    await live()
    await page.getByTestId('alarm-row').first().click()
    await page.getByTestId('alarm-panel').getByTestId('timeline').waitFor()
    expect(own.complaints.filter((complaint) => complaint.includes('CSP'))).toEqual([])
    page = await browser.page()
  })

  it('names the numbers to call when it has not been live for two minutes', async () => {
    // A clock that is installed stays for every page of its browser, so this test has one of its own.
    await using own = await Browser.open()
    const other = await own.page()
    await other.clock.install()
    await server[Symbol.asyncDispose]()
    server = await FakeLiveServer.start(dist, pictureNow())
    await other.goto(server.url)
    await other.locator('[data-testid="live-pill"][data-state="live"]').waitFor({ timeout: 60_000 })
    server.silence()
    await other.clock.fastForward(60_000)
    await other.getByTestId('not-live').waitFor()
    expect(await other.getByTestId('phones').count()).toBe(0)
    await other.clock.fastForward(65_000)
    await eventuallyPasses(async () =>
      expect(await other.getByTestId('phones').innerText()).toBe('Call now: backup 555 0101, lead 555 0102.'),
    )
  })

  it('runs under its policy without one violation, and a worker from a plain string is refused', async () => {
    await page.addInitScript(`
      window.refused = []
      document.addEventListener('securitypolicyviolation', (e) => window.refused.push(e.effectiveDirective))`)
    await open('/#/hubs')
    await page.getByTestId('hub-row').waitFor()
    expect(await page.evaluate(`window.refused`)).toEqual([])
    expect(
      await page.evaluate(
        `(() => { try { new Worker('/push-worker.js'); return 'started' } catch (e) { return e.name } })()`,
      ),
    ).toBe('TypeError')
    await eventuallyPasses(async () =>
      expect(await page.evaluate(`window.refused`)).toContain('require-trusted-types-for'),
    )
    expect(
      await page.evaluate(
        `(() => { try { trustedTypes.createPolicy('mine', {}); return 'made' } catch { return 'refused' } })()`,
      ),
    ).toBe('refused')
  })
})
