import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { alarmOf, hubOf, pumpOf } from '#test/support/live-fixtures.ts'
import { blockedAudio, breakableAudio } from '#test/support/scripted-audio.ts'

// One station in a real browser: that it sounds and how that is known, who sounds of several tabs, what it is ready for, and that it
// says so when it watches nothing.

const dist = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')

const pictureNow = (): Picture => {
  const now = Date.now()
  return {
    pumps: [pumpOf('P-0421', { sampledAt: now, receivedAt: now, label: 'North 12' })],
    hubs: [hubOf('hub-1', { lastHeardAt: now, pumpIds: [PumpId.parse('P-0421')] })],
    alarms: [alarmOf('high', { startedAt: now - 48_000 })],
    closed: [],
  }
}

const within = { within: 60_000, every: 100 }

const live = async (tab: Page): Promise<void> =>
  await tab.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
const chip = (tab: Page, data: string) => tab.locator(`[data-testid="sound-chip"]${data}`)

describe('a station', () => {
  let browser: Browser
  let server: FakeLiveServer
  let page: Page

  const open = async (signedIn: boolean, picture = pictureNow()): Promise<void> => {
    await server?.[Symbol.asyncDispose]()
    server = await FakeLiveServer.start(dist, picture, signedIn)
    await page.goto(server.url)
    if (signedIn) await live(page)
  }
  const signIn = async (): Promise<void> => {
    await open(false)
    await page.fill('input[name=name]', 'osei')
    await page.fill('input[name=password]', 'right')
    await page.click('button[type=submit]')
    await page.getByTestId('readiness').waitFor()
  }
  const lookOnly = async (): Promise<void> => {
    await page.getByTestId('duty-looking').click()
    await page.getByTestId('readiness').waitFor({ state: 'detached' })
  }

  beforeAll(async () => {
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(60_000)
    await page.addInitScript(breakableAudio)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await browser?.[Symbol.asyncDispose]()
  })

  it('W1: arms its sound in the press that signs in, shows it, and tells the server that it runs and advances', async () => {
    await signIn()
    await chip(page, '[data-armed="true"]').waitFor()
    await eventuallyPasses(
      () => expect(server.stations.at(-1)).toMatchObject({ audio: { state: 'running', advancing: true }, duty: null }),
      within,
    )
    expect(await page.evaluate('window.contexts.length')).toBe(1)
    await lookOnly()
    await eventuallyPasses(() => expect(server.stations.at(-1)).toMatchObject({ duty: 'looking' }), within)
  })

  it('W1: a clock that stands is not armed, whatever the context says', async () => {
    await page.evaluate(`(() => {
      const [context] = window.contexts
      context.close = async () => {}
      context.frozenAt = context.currentTime
      window.AudioContext = class extends window.AudioContext { get currentTime() { return 0 } }
    })()`)
    await chip(page, '[data-armed="false"]').waitFor()
    await page.getByTestId('sound-bar').waitFor()
    await eventuallyPasses(() => expect(server.stations.at(-1)).toMatchObject({ audio: { advancing: false } }), within)
  })

  it.each([
    ['frozen', 'context.frozenAt = context.currentTime'],
    ['interrupted', `(context.frozenAt = context.currentTime, context.frozenState = 'interrupted')`],
  ])('W2: an audio context that is %s is closed, another one takes its place by itself and sounds', async (_, take) => {
    await signIn()
    await lookOnly()
    await chip(page, '[data-sounding="high"]').waitFor()
    const closed = await page.evaluate<boolean>(`new Promise((resolve) => {
      const [context] = window.contexts
      const close = context.close.bind(context)
      context.close = async () => { resolve(true); await close() }
      ${take}
      setTimeout(() => resolve(false), 50_000)
    })`)
    expect(closed).toBe(true)
    await eventuallyPasses(async () => expect(await page.evaluate('window.contexts.length')).toBeGreaterThan(1), within)
    await chip(page, '[data-sounding="high"]').waitFor()
    await eventuallyPasses(() => expect(server.stations.at(-1)).toMatchObject({ audio: { advancing: true } }), within)
  })

  it('W2: what the browser suspends comes back by itself, and a press never hears of it', async () => {
    await page.evaluate(`(() => {
      const [context] = window.contexts.slice(-1)
      context.resume = async () => {}
      context.suspend()
    })()`)
    await eventuallyPasses(
      async () => expect(await page.evaluate(`window.contexts.at(-2)?.state`)).toBe('closed'),
      within,
    )
    await chip(page, '[data-sounding="high"]').waitFor()
  })

  it('after it was loaded anew it sounds by itself, and never calls itself another tab', async () => {
    await page.addInitScript(`
      window.chipSaid = []
      new MutationObserver(() => {
        const text = document.querySelector('[data-testid="sound-chip"]')?.textContent
        if (text) window.chipSaid.push(text)
      }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })`)
    await page.reload()
    await live(page)
    await chip(page, '[data-sounding="high"]').waitFor()
    const said = await page.evaluate<string[]>('window.chipSaid')
    expect(said.length).toBeGreaterThan(0)
    expect(said.filter((text) => text.includes('another tab'))).toEqual([])
  })

  it('W3: sounds in one tab, takes over when that one closes, and a tab that may not sound holds nothing', async () => {
    const second = await page.context().newPage()
    second.setDefaultTimeout(60_000)
    await second.addInitScript(blockedAudio)
    await second.goto(server.url)
    await live(second)
    await chip(second, '[data-armed="false"]').waitFor()
    expect(await second.evaluate(`navigator.locks.query().then(({ held }) => held.length)`)).toBe(1)
    expect(await chip(page, '').getAttribute('data-sounding')).toBe('high')
    await second.evaluate('window.mayPlay = true')
    await second.getByTestId('sound-bar').getByRole('button').click({ force: true })
    await eventuallyPasses(async () => expect(await chip(second, '').innerText()).toContain('another tab'), within)
    expect(await chip(second, '').getAttribute('data-sounding')).toBeNull()
    await page.goto('about:blank')
    await chip(second, '[data-sounding="high"]').waitFor()
    await second.close()
  })

  it('W3: takes over from a tab whose page has frozen, though that one still holds the lock', async () => {
    await open(true)
    await page.mouse.click(4, 4)
    await chip(page, '[data-sounding="high"]').waitFor()
    const second = await page.context().newPage()
    second.setDefaultTimeout(60_000)
    await second.goto(server.url)
    await live(second)
    await second.mouse.click(4, 4)
    await eventuallyPasses(async () => expect(await chip(second, '').innerText()).toContain('another tab'), within)
    // Its main thread stands: no timer, no message, and the lock with it.
    const frozen = page.evaluate(
      `(() => { const until = performance.now() + 15_000; while (performance.now() < until); })()`,
    )
    await chip(second, '[data-sounding="high"]').waitFor()
    await frozen
    await eventuallyPasses(async () => expect(await chip(page, '').innerText()).toContain('another tab'), within)
    await second.close()
  })

  it('W4: the NOT LIVE alarm and the test go the way of an alarm: the same context, the same lock', async () => {
    await open(true)
    await page.mouse.click(4, 4)
    await chip(page, '[data-sounding="high"]').waitFor()
    await page.evaluate(`(() => {
      window.started = []
      const start = OscillatorNode.prototype.start
      OscillatorNode.prototype.start = function (at) {
        window.started.push([this.context === window.contexts.at(-1), Math.round(this.frequency.value)])
        return start.call(this, at)
      }
    })()`)
    server.silence()
    await chip(page, '[data-sounding="not-live"]').waitFor()
    expect(
      await page.evaluate(`window.started.every(([here]) => here) && window.started.some(([, hz]) => hz === 440)`),
    ).toBe(true)
    expect(await page.evaluate('window.contexts.length')).toBe(1)
    server.silence(false)
    await chip(page, '[data-sounding="high"]').waitFor()
  })

  it('proves its path only by a signal that was seen and a clock that ran', async () => {
    await server.canary()
    await eventuallyPasses(
      async () => expect(await page.getByTestId('path-chip').getAttribute('data-state')).not.toBe('waiting'),
      within,
    )
  })

  it('asks for the duty after signing in, tries everything in one press, and wants a reason that the lead can see', async () => {
    await signIn()
    await page.getByText('No duty planned for you today.').waitFor()
    await page.getByTestId('duty-on-call').click()
    const state = async (item: string): Promise<string | null> =>
      await page.getByTestId(`ready-${item}`).getAttribute('data-state')
    await eventuallyPasses(async () => expect(await state('sound')).toBe('asking'), within)
    expect(await state('push')).toBe('failed')
    expect(await state('browser')).toBe('ok')
    await page.getByTestId('shift-yes').click()
    await eventuallyPasses(async () => expect(await state('sound')).toBe('ok'), within)
    expect(server.check).toMatchObject({ heard: true })
    // It says what it needs instead of being off, so it can be pressed.
    await page.getByTestId('ready-done').dispatchEvent('click')
    expect(server.readiness).toBeNull()
    await page.getByTestId('reason-push').fill('No phone on this ward')
    if ((await state('screen')) === 'failed') await page.getByTestId('reason-screen').fill('System setting')
    await page.getByTestId('ready-done').click()
    await page.getByTestId('readiness').waitFor({ state: 'detached' })
    expect(server.readiness).toMatchObject({ duty: 'on-call' })
    expect(server.readiness?.failing).toContainEqual({ item: 'push', reason: 'No phone on this ward' })
    await eventuallyPasses(() => expect(server.stations.at(-1)).toMatchObject({ duty: 'on-call' }), within)
    server.dropSockets()
    await eventuallyPasses(() => expect(server.hellos.at(-1)).toMatchObject({ duty: 'on-call' }), within)
  })

  it('shows volume, output and the last test, and leaves nobody on duty under 40 %', async () => {
    await page.evaluate(`(() => {
      const kind = 'audiooutput'
      navigator.mediaDevices.enumerateDevices = async () => [
        { kind, deviceId: window.mayName ? 'usb' : '', label: window.mayName ? 'Speaker on the desk' : '' },
      ]
      navigator.mediaDevices.getUserMedia = async () => (window.mayName = true, { getTracks: () => [] })
      window.sinks = []
      AudioContext.prototype.setSinkId = async (id) => { window.sinks.push(id) }
    })()`)
    await page.getByTestId('sound-chip').click()
    expect(await page.getByTestId('volume').getAttribute('min')).toBe('40')
    await page.getByTestId('test-medium').click()
    await page.getByTestId('sound-tested').getByText('Tested at').waitFor()
    await page.getByTestId('name-outputs').click()
    await page.getByTestId('sound-output').selectOption({ label: 'Speaker on the desk' })
    await eventuallyPasses(async () => expect(await page.evaluate('window.sinks')).toEqual(['usb']), within)
    await page.getByTestId('sound-output').selectOption('')
    await eventuallyPasses(async () => expect(await page.evaluate('window.sinks')).toEqual(['usb', '']), within)
    await page.keyboard.press('Escape')
  })

  it('W11: keeps the screen awake on duty, again each time the page comes back, and says when the browser does not', async () => {
    await page.addInitScript(`
      window.locks = []
      Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => {
        if (window.refuseLock) throw new DOMException('no', 'NotAllowedError')
        const lock = new EventTarget(); lock.released = false
        lock.release = async () => { lock.released = true; lock.dispatchEvent(new Event('release')) }
        window.locks.push(lock); return lock
      } } })`)
    await signIn()
    await page.getByTestId('duty-backup').click()
    await page.locator('[data-testid="ready-screen"][data-state="ok"]').waitFor()
    await page.evaluate(`window.locks[0].release()`)
    await page.locator('[data-testid="ready-screen"][data-state="failed"]').waitFor()
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await page.locator('[data-testid="ready-screen"][data-state="ok"]').waitFor()
    expect(await page.evaluate(`window.locks.length`)).toBe(2)
    await page.evaluate(
      `window.refuseLock = true, window.locks[1].release(), document.dispatchEvent(new Event('visibilitychange'))`,
    )
    await page.getByTestId('awake-chip').waitFor()
  })

  it('W12: a session that ends covers the page, and sounds until somebody signs in again', async () => {
    await signIn()
    await lookOnly()
    await chip(page, '[data-sounding="high"]').waitFor()
    await page.evaluate(`(() => {
      window.started = []
      const start = OscillatorNode.prototype.start
      OscillatorNode.prototype.start = function (at) { window.started.push(Math.round(this.frequency.value)); return start.call(this, at) }
    })()`)
    server.endSession()
    await page.getByTestId('not-monitoring').waitFor()
    expect(await page.getByTestId('alarm-row').count()).toBe(0)
    expect(await page.getByTestId('live-pill').count()).toBe(0)
    await eventuallyPasses(async () => expect(await page.evaluate('window.started')).toContain(440), within)
    await page.getByTestId('not-monitoring').getByRole('button', { name: 'Sign in' }).click()
    await page.getByTestId('sign-in-form').waitFor()
  })

  it('says on a phone in one row how ready it is: the worst by name, the rest by number and in the check', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open(true)
    await page.mouse.click(4, 300)
    await chip(page, '[data-sounding="high"]').waitFor({ state: 'attached' })
    const merged = page.getByTestId('ready-merged')
    // Together, because the line may fall behind between two looks.
    const rowHeight = async (whileIts: 'live' | 'late'): Promise<number> =>
      await eventually(async () => {
        const { look, height } = await page.evaluate<{ look: string; height: number }>(`({
          look: document.querySelector('[data-testid="live-pill"]').dataset.state,
          height: document.querySelector('.status-bar').getBoundingClientRect().height })`)
        return look === whileIts && height
      }, within)
    expect(await page.getByTestId('sound-chip').isVisible()).toBe(false)
    expect(await rowHeight('live')).toBeLessThanOrEqual(66)
    server.silence()
    expect(await rowHeight('late')).toBeLessThanOrEqual(66)
    server.silence(false)
    const [team] = server.onCall.teams
    if (team === undefined) throw new Error('no team')
    server.onCall = { ...server.onCall, teams: [{ ...team, duty: { ...team.duty, primary: null } }] }
    await page.reload()
    await live(page)
    await eventuallyPasses(async () => expect(await merged.innerText()).toContain('NOBODY ON CALL'), within)
    expect(await merged.getAttribute('data-state')).toBe('worst')
    expect(await rowHeight('live')).toBeLessThanOrEqual(66)
    server.silence()
    expect(await rowHeight('late')).toBeLessThanOrEqual(66)
    server.silence(false)
    await merged.click()
    await page.getByTestId('ready-now').getByText('NOBODY').waitFor()
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('can be installed: the browser finds nothing wrong with its manifest and icons', async () => {
    await open(true)
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    const tools = await page.context().newCDPSession(page)
    const manifest = await tools.send('Page.getAppManifest')
    expect(manifest.errors).toEqual([])
    expect(JSON.parse(manifest.data ?? '{}')).toMatchObject({ id: '/', start_url: '/#/urgent', display: 'standalone' })
    await eventuallyPasses(
      async () => expect((await tools.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]),
      within,
    )
    await tools.detach()
  })

  it('has the number of High and Medium alarms that nobody owns as the installed page’s badge', async () => {
    await page.addInitScript(`
      window.badges = []
      navigator.setAppBadge = async (count) => { window.badges.push(count) }
      navigator.clearAppBadge = async () => { window.badges.push(0) }`)
    const now = Date.now()
    const medium = alarmOf('medium', { code: 'battery-low', priority: 'medium', startedAt: now })
    const low = alarmOf('low', { code: 'reservoir-low', priority: 'low', startedAt: now })
    await open(true, { ...pictureNow(), alarms: [alarmOf('high', { startedAt: now }), medium, low] })
    await eventuallyPasses(async () => expect(await page.evaluate('window.badges.at(-1)')).toBe(2), within)
    server.close(alarmOf('high').episodeId)
    server.close(medium.episodeId)
    await eventuallyPasses(async () => expect(await page.evaluate('window.badges.at(-1)')).toBe(0), within)
  })

  it('opens without a server, says that it is not live, keeps nothing of the last picture, and comes back by itself', async () => {
    await open(true)
    const { url } = server
    await eventuallyPasses(
      async () => expect(await page.evaluate(`caches.match('/').then((kept) => kept?.status)`)).toBe(200),
      within,
    )
    await server[Symbol.asyncDispose]()
    await page.goto(url)
    const cutOff = page.getByTestId('cut-off')
    await cutOff.waitFor()
    expect(await cutOff.innerText()).toMatch(/NOT LIVE[^]*Cannot reach the server[^]*555 0101/)
    expect(await page.locator('[data-testid="live-pill"], [data-testid="alarm-row"]').count()).toBe(0)
    const kept = await page.evaluate<string[]>(`caches.keys().then(async (names) =>
      (await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))).flat().map(({ url }) => new URL(url).pathname))`)
    expect(kept).toContain('/app-192.png')
    expect(kept.filter((path) => /^\/(api|hub|socket\.io)/.test(path))).toEqual([])
    server = await FakeLiveServer.start(dist, pictureNow(), true, Number(new URL(url).port))
    await live(page)
  })

  it('says that it is not live while the line withholds a part of the page, and comes by itself when it gives it', async () => {
    // Another address: nothing of this page is kept for it.
    const tab = await page.context().newPage()
    tab.setDefaultTimeout(60_000)
    await using other = await FakeLiveServer.start(dist, pictureNow(), true)
    other.withheld = /live\.worker/
    await tab.goto(other.url)
    await tab.getByTestId('cut-off').waitFor()
    await eventuallyPasses(() => expect(other.withheldCount).toBeGreaterThan(2), within)
    other.withheld = null
    await live(tab)
    await tab.getByTestId('alarm-row').waitFor()
    await tab.close()
  })

  it('W13: a page that is loaded anew is the server’s, not the one that was kept', async () => {
    const { url } = server
    await server[Symbol.asyncDispose]()
    const later = mkdtempSync(join(tmpdir(), 'later-build-'))
    cpSync(dist, later, { recursive: true })
    const start = readFileSync(join(later, 'index.html'), 'utf8')
    writeFileSync(join(later, 'index.html'), start.replace('<head>', '<head><meta name="build" content="later" />'))
    server = await FakeLiveServer.start(later, pictureNow(), true, Number(new URL(url).port))
    await page.reload()
    await live(page)
    expect(await page.locator('meta[name=build]').getAttribute('content')).toBe('later')
    expect(await page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true)
    rmSync(later, { recursive: true, force: true })
  })
})
