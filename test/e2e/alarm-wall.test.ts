import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { bursts } from '#domain/sound/bursts.ts'
import { HubId, PumpId } from '#domain/ids.ts'
import { burdenOf } from '#domain/analytics/burden.ts'
import { loadOf } from '#domain/analytics/load.ts'
import { Browser } from '#test/support/browser.ts'
import { eventuallyPasses } from '#test/support/eventually.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { alarmOf, hubOf, lind, osei, pagedOf, pumpOf } from '#test/support/live-fixtures.ts'
import { loudness, onsetsOf, peaksOf, renderBurst, soundScript } from './rendered-sound.ts'

// The alarm wall in a real browser against a scripted picture.

const dist = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')
const since = (seconds: number) => ({
  startedAt: Date.now() - seconds * 1_000,
  observedAt: Date.now() - seconds * 1_000,
})
const pumpAt = (at: number): PumpId => PumpId.parse(`P-${String(at).padStart(4, '0')}`)

const pictureOf = (pumps: number, alarms: Picture['alarms']): Picture => ({
  pumps: Array.from({ length: pumps }, (_, at) =>
    pumpOf(pumpAt(at), {
      label: `${at % 2 === 0 ? 'North' : 'South'} ${at + 1}`,
      hubId: HubId.parse(`hub-${Math.floor(at / 6)}`),
      statusIntervalMs: 600_000,
      sampledAt: Date.now(),
      receivedAt: Date.now(),
    }),
  ),
  hubs: Array.from({ length: Math.ceil(pumps / 6) }, (_, at) => hubOf(`hub-${at}`, { lastHeardAt: Date.now() })),
  alarms,
  closed: [],
})

const someAlarms = () => [
  alarmOf('high', { ...since(48), pumpId: pumpAt(1) }),
  alarmOf('taken', { ...since(300), pumpId: pumpAt(2), response: 'accepted', owner: lind, acceptedAt: Date.now() }),
  alarmOf('medium', { ...since(120), pumpId: pumpAt(3), priority: 'medium', code: 'battery-low' }),
  ...Array.from({ length: 5 }, (_, at) =>
    alarmOf(`low-${at}`, { ...since(900 + at), pumpId: pumpAt(4 + at), priority: 'low', code: 'reservoir-low' }),
  ),
]

/** What the server would say of a Medium in every ten minutes. */
const analyticsOf = (from: number, to: number) => {
  const told = Array.from({ length: 72 }, (_, at) => ({
    toldAt: from + at * 600_000 + 1,
    priority: 'medium' as const,
    team: 'all',
  }))
  const total = burdenOf('total', [], () => false, 0, to)
  const about = { from, to, by: 'code', simulated: false, total, rows: [], baselines: [], serverTime: Date.now() }
  return { ...about, load: loadOf(told, from, to) }
}

const row = (page: Page, id: string) => page.locator(`[data-testid="alarm-row"][data-episode="${id}"]`)

describe('the alarm wall', () => {
  let browser: Browser
  let server: FakeLiveServer
  let page: Page

  const open = async (picture: Picture): Promise<void> => {
    await server?.[Symbol.asyncDispose]()
    server = await FakeLiveServer.start(dist, picture)
    await page.goto(server.url)
    await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    await page.mouse.move(0, 0)
  }

  beforeAll(async () => {
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await browser?.[Symbol.asyncDispose]()
  })

  it('shows few pumps as large tiles, more as compact ones, and many as a map whose cells have names', async () => {
    await open(pictureOf(12, someAlarms()))
    await page.locator('.tiles.large').waitFor()
    await open(pictureOf(60, someAlarms()))
    await page.locator('.tiles.compact').waitFor()
    await open(pictureOf(600, someAlarms()))
    const map = page.getByTestId('fleet-map')
    await map.focus()
    await page.keyboard.press('End')
    await eventuallyPasses(async () => expect(await page.getByTestId('fleet-name').innerText()).toContain('P-0599'))
    await page.keyboard.press('Home')
    // Labels of the first hub, in their order: North 1, 3, 5, then South 2.
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
    await eventuallyPasses(async () =>
      expect(await page.getByTestId('fleet-name').innerText()).toContain('Downstream occlusion, High, new'),
    )
    await page.keyboard.press('Enter')
    await page.getByTestId('filter-pump').waitFor()
    expect(await page.getByTestId('alarm-row').count()).toBe(1)
    await page.getByTestId('filter-pump').click()
    await eventuallyPasses(async () => expect(await page.getByTestId('alarm-row').count()).toBe(6))
  })

  it('writes the state of a pump whose alarm is over in its own word and in no alarm colour', async () => {
    const over = { condition: 'latched', endedAt: Date.now() } as const
    await open(
      pictureOf(12, [
        alarmOf('goes-on', { ...since(48), pumpId: pumpAt(1) }),
        alarmOf('over', { ...since(300), pumpId: pumpAt(2), ...over }),
      ]),
    )
    const tile = (at: number): string => `[data-testid="pump-tile"][data-pump="${pumpAt(at)}"]`
    const look = async (selector: string): Promise<string> => {
      const [word = ''] = await page.locator(selector).allTextContents()
      const color = `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color`
      return `${word} ${await page.evaluate<string>(color)}`
    }
    await page.locator('.tiles.large').waitFor()
    const quiet = await look(`${tile(3)} .tile-state`)
    expect(quiet).toContain('Infusing')
    expect(await look(`${tile(2)} .tile-state`)).toBe(quiet)
    expect(await look(`${tile(1)} .tile-state`)).toContain('Downstream occlusion')
    expect(await page.locator(`${tile(2)} [role=img]`).getAttribute('aria-label')).toBe(
      'High priority, ended, nobody answered, needs an answer',
    )
    await page.evaluate(`location.hash = '#/pumps'`)
    await page.getByTestId('roster-row').first().waitFor()
    const states = await page.locator('.roster-state').allTextContents()
    expect(states.slice(0, 4)).toEqual(['Infusing', 'Downstream occlusion', 'Infusing', 'Infusing'])
  })

  it('W30: says what a filter hides, and sounds, counts and titles do not know of it (W5)', async () => {
    await open(pictureOf(12, someAlarms()))
    await page.getByTestId('filter-mine').click()
    await eventuallyPasses(async () =>
      expect(await page.getByTestId('hidden-by-filter').innerText()).toBe('2 High, 1 Medium, 5 Low hidden by filter'),
    )
    expect(await page.getByTestId('counter-high').innerText()).toContain('2')
    expect(await page.title()).toContain('(2)')
    await page.getByTestId('hidden-by-filter').click()
    await row(page, 'high').waitFor()
  })

  it('W30: ends a filter after ten minutes in which nobody touched the page', async () => {
    await page.clock.install()
    await open(pictureOf(12, someAlarms()))
    await page.getByTestId('filter-mine').click()
    await page.clock.fastForward(601_000)
    await page.getByTestId('filter-ended').waitFor()
    await row(page, 'high').waitFor()
    await page.clock.resume()
    await page.close()
    page = await browser.page()
    page.setDefaultTimeout(15_000)
  })

  it('opens a row beside the queue with what to ask, the story and the number, and gives the focus back', async () => {
    await open(pictureOf(12, someAlarms()))
    server.phone = '+1 555 0134'
    await row(page, 'high').focus()
    await page.keyboard.press('Enter')
    const panel = page.getByTestId('alarm-panel')
    await panel.waitFor()
    await panel.getByText('First checks').first().waitFor()
    await panel.getByTestId('timeline').getByText('Began').waitFor()
    await panel.getByTestId('call-patient').click()
    expect(await panel.getByTestId('patient-phone').getAttribute('href')).toBe('tel:+15550134')
    expect(await row(page, 'medium').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(await page.evaluate(`document.activeElement.dataset.episode`)).toBe('high')
  })

  it('W32: keeps its rows in place under the pointer; what is new waits in a slot, a High at most ten seconds', async () => {
    await open(pictureOf(12, someAlarms()))
    await row(page, 'medium').locator('.row-owner').hover()
    const before = await row(page, 'medium').boundingBox()
    server.show(alarmOf('new-high', { ...since(1), pumpId: pumpAt(9) }))
    await page.getByTestId('queue-slot').locator('[data-episode="new-high"]').waitFor()
    expect(await row(page, 'medium').boundingBox()).toEqual(before)
    await page.locator('.queue-box > ol [data-episode="new-high"]').waitFor({ timeout: 20_000 })
    expect(await page.getByTestId('queue-slot').count()).toBe(0)
  })

  it('W33: keeps the place of a row that leaves, and the focus with it', async () => {
    await open(pictureOf(12, someAlarms()))
    await row(page, 'medium').focus()
    server.close(alarmOf('medium').episodeId)
    await page.getByTestId('tombstone').waitFor()
    expect(await page.evaluate(`document.activeElement.dataset.gone`)).toBe('medium')
    await page.getByTestId('tombstone').waitFor({ state: 'detached' })
    expect(await page.evaluate(`document.activeElement.dataset.episode`)).toBeDefined()
    expect(await page.evaluate(`document.activeElement !== document.body`)).toBe(true)
  })

  it('W34: has its live regions before their texts, and speaks a new High in the assertive one', async () => {
    await open(pictureOf(12, someAlarms()))
    expect(await page.locator('#say-assertive').textContent()).toBe('')
    server.show(alarmOf('new-high', { ...since(1), pumpId: pumpAt(9), code: 'air-in-line' }))
    await eventuallyPasses(async () =>
      expect(await page.locator('#say-assertive').textContent()).toContain('New High alarm: Air in line, South 10.'),
    )
  })

  it('W31: asks an owner who was not heard of whether she is still on it', async () => {
    const mine = { response: 'accepted', owner: osei, acceptedAt: Date.now() - 400_000 } as const
    const missed = { checkInMissedAt: Date.now() - 5_000, next: { step: 'lapse', dueAt: Date.now() + 55_000 } } as const
    await open(pictureOf(12, [alarmOf('mine', { ...since(500), pumpId: pumpAt(1), ...mine, ...missed })]))
    await row(page, 'mine')
      .getByText(/Check in now, lapses in 0:\d\d/)
      .waitFor()
    await row(page, 'mine').getByTestId('still-on-it').click()
    await eventuallyPasses(async () => expect(await row(page, 'mine').getByTestId('still-on-it').count()).toBe(0))
  })

  it('says what comes next by the server’s figures, and puts what was escalated to whoever looks on top', async () => {
    const alarms = [
      alarmOf('first', { ...since(90), pumpId: pumpAt(1), criticality: 'critical' }),
      alarmOf('asked', { ...since(60), pumpId: pumpAt(2), criticality: 'standard' }),
      alarmOf('mine', {
        ...since(300),
        pumpId: pumpAt(3),
        response: 'accepted',
        owner: osei,
        acceptedAt: Date.now(),
        next: { step: 'check-in', dueAt: Date.now() + 300_000 },
      }),
    ]
    const last = { name: 'M. Osei', place: 'primary', at: Date.now() - 20_000, progress: 'heard' } as const
    const paged = [
      pagedOf('first', { last: null, next: { step: 'page', dueAt: Date.now() + 55_000 } }),
      pagedOf('asked', { last, next: { step: 'backup', dueAt: Date.now() + 140_000 } }),
    ]
    await open({ ...pictureOf(12, alarms), paged })
    const next = (id: string) => row(page, id).getByTestId('comes-next')
    await next('first')
      .getByText(/^Page in 0:\d\d$/)
      .waitFor()
    await next('asked')
      .getByText(/^Backup in 2:[0-2]\d$/)
      .waitFor()
    await next('mine')
      .getByText(/^Check in by \d\d:\d\d$/)
      .waitFor()
    const order = () => page.getByTestId('alarm-row').evaluateAll((rows) => rows.map((one) => one.dataset['episode']))
    expect(await order()).toEqual(['first', 'asked', 'mine'])
    const beyond = [{ userId: osei.userId, place: 'backup' as const }]
    server.showPaged(pagedOf('asked', { last, beyond, next: null }))
    await eventuallyPasses(async () => expect(await order()).toEqual(['asked', 'first', 'mine']))
    await row(page, 'asked').getByText('Escalated to you').waitFor()
    expect(await next('asked').count()).toBe(0)
  })

  it('keeps the rows as wide as the window when it becomes narrow while alarms come', async () => {
    const many = Array.from({ length: 60 }, (_, nth) =>
      alarmOf(`many-${nth}`, { ...since(60 + nth), pumpId: pumpAt(nth) }),
    )
    await open(pictureOf(80, many))
    const wide = { width: 1440, height: 900 }
    onTestFinished(() => page.setViewportSize(wide))
    await page.setViewportSize(wide)
    await eventuallyPasses(async () =>
      expect(await row(page, 'many-0').evaluate((one) => one.offsetWidth)).toBeGreaterThan(600),
    )
    for (const nth of [0, 1, 2, 3]) server.show(alarmOf(`fresh-${nth}`, { ...since(1), pumpId: pumpAt(61 + nth) }))
    await page.setViewportSize({ width: 390, height: 844 })
    for (const nth of [4, 5, 6, 7]) server.show(alarmOf(`fresh-${nth}`, { ...since(1), pumpId: pumpAt(61 + nth) }))
    await row(page, 'fresh-7').waitFor({ state: 'attached' })
    const widths = await page.getByTestId('alarm-row').evaluateAll((rows) => rows.map((one) => one.offsetWidth))
    expect(widths.filter((width) => width > 390)).toEqual([])
  })

  it('lays out the rows around the window and not the far ones, and an alarm that moves them all changes none of that', async () => {
    const many = Array.from({ length: 80 }, (_, nth) =>
      alarmOf(`many-${nth}`, { ...since(60 + nth), pumpId: pumpAt(nth) }),
    )
    await open(pictureOf(80, many))
    const skipping = (): Promise<readonly (readonly [id: string | undefined, top: number])[]> =>
      page
        .getByTestId('alarm-row')
        .evaluateAll((rows) =>
          rows
            .filter((one) => one.firstElementChild?.checkVisibility({ contentVisibilityAuto: true }) === false)
            .map((one) => [one.dataset['episode'], one.getBoundingClientRect().top] as const),
        )
    const height = page.viewportSize()?.height ?? 0
    await eventuallyPasses(async () => {
      const tops = (await skipping()).map(([, top]) => top)
      expect(tops.length).toBeGreaterThan(20)
      expect(Math.min(...tops)).toBeGreaterThan(2.5 * height)
    })
    const before = (await skipping()).map(([id]) => id)
    server.show(alarmOf('fresh', { ...since(600), pumpId: pumpAt(79) }))
    await row(page, 'fresh').waitFor()
    expect((await skipping()).map(([id]) => id)).toEqual(before)
  })

  it('tells an empty wall when it was checked last and how the last hours were', async () => {
    await open(pictureOf(12, []))
    server.answers.set('GET /analytics', ({ from, to }) => analyticsOf(Number(from), Number(to)))
    await page.reload()
    const empty = page.getByTestId('empty-queue')
    await empty.getByText(/pumps reporting, last check \d\d:\d\d:\d\d/).waitFor()
    expect(await page.getByTestId('scope').count()).toBe(0)
    server.onCall = { ...server.onCall, seesOnly: ['North', 'South'] }
    await page.reload()
    await page.getByTestId('scope').getByText('You see North and South only, and what belongs to no team.').waitFor()
    await empty.getByTestId('rate-line').getByText('72 alarms in the last 12 h, at most 1 in ten minutes.').waitFor()
  })

  it('folds Low and groups Medium in a flood, and never a High', async () => {
    const many = Array.from({ length: 4 }, (_, at) =>
      alarmOf(`battery-${at}`, { ...since(60), pumpId: pumpAt(at), priority: 'medium', code: 'battery-low' }),
    )
    const highs = Array.from({ length: 8 }, (_, at) => alarmOf(`high-${at}`, { ...since(50 + at), pumpId: pumpAt(at) }))
    const lows = Array.from({ length: 4 }, (_, at) =>
      alarmOf(`low-${at}`, { ...since(70), pumpId: pumpAt(at), priority: 'low', code: 'reservoir-low' }),
    )
    await open(pictureOf(12, [...many, ...highs, ...lows]))
    const help = page.getByTestId('ask-help')
    await help.getByText('Ask J. Lind to join').waitFor()
    server.refusal = 'There is no such colleague.'
    await help.click()
    await page.getByTestId('flood').getByText('There is no such colleague.').waitFor()
    server.refusal = null
    await help.click()
    await page
      .getByTestId('help-asked')
      .getByText(/^You asked J. Lind at \d\d:\d\d\./)
      .waitFor()
    expect(await help.count()).toBe(0)
    expect(await page.getByTestId('alarm-group').count()).toBe(1)
    await page.getByText('4 Low alarms, folded').waitFor()
    expect(await page.locator('[data-testid="alarm-row"][data-priority="high"]').count()).toBe(8)
    await page.getByTestId('alarm-group').getByRole('button').click()
    await eventuallyPasses(async () => expect(await page.getByTestId('alarm-row').count()).toBe(12))
  })

  it('takes a chosen few Low alarms, each by its own command, and offers no choice of a High', async () => {
    await open(pictureOf(12, someAlarms()))
    await row(page, 'low-4').locator('summary').click()
    await row(page, 'low-4').getByTestId('choose-several').click()
    await row(page, 'low-3').locator('.choose input').check()
    expect(await row(page, 'high').locator('.choose').count()).toBe(0)
    expect(await row(page, 'medium').locator('.choose').count()).toBe(0)
    await page.getByTestId('take-chosen').click()
    for (const id of ['low-4', 'low-3'])
      await eventuallyPasses(async () => expect(await row(page, id).getAttribute('data-response')).toBe('accepted'))
  })

  it('covers a phone with a High that arrives, and takes it by two presses', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open(pictureOf(12, someAlarms()))
    server.show(alarmOf('new-high', { ...since(1), pumpId: pumpAt(9), code: 'air-in-line' }))
    const sheet = page.getByTestId('high-sheet')
    await sheet.getByText('South 10').waitFor()
    const slide = sheet.getByTestId('slide-to-take')
    await sheet.getByTestId('sheet-escalate').click()
    await page.getByTestId('escalate-form').locator('button[type=submit]').click()
    await page.getByTestId('escalate-form').waitFor({ state: 'detached' })
    await slide.click()
    expect(await row(page, 'new-high').getAttribute('data-response')).toBe('new')
    await slide.click()
    await sheet.waitFor({ state: 'detached' })
    await eventuallyPasses(async () =>
      expect(await row(page, 'new-high').getAttribute('data-response')).toBe('accepted'),
    )
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('covers a phone with every High that comes: the first as soon as the page is there, the next one, on another screen, and not while somebody writes', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    // What comes later than the page itself, a slow line brings late.
    const slowLine = Promise.withResolvers<void>()
    await page.route('**/assets/*.js', async (route) => {
      if (server.hellos.length > 0) await slowLine.promise
      await route.continue()
    })
    const sheet = page.getByTestId('high-sheet')
    try {
      await open(pictureOf(12, someAlarms()))
      server.show(alarmOf('early', { ...since(1), pumpId: pumpAt(9) }))
      await sheet.getByText('South 10').waitFor()
    } finally {
      slowLine.resolve()
      await page.unrouteAll({ behavior: 'wait' })
    }
    server.show(alarmOf('next', { ...since(1), pumpId: pumpAt(7) }))
    await sheet.getByText('and 1 more High').waitFor()
    await sheet.getByTestId('sheet-later').click()
    await sheet.waitFor({ state: 'detached' })
    await page.goto(`${server.url}/#/pumps`)
    const words = page.locator('.roster-search')
    await words.fill('North')
    server.show(alarmOf('meanwhile', { ...since(1), pumpId: pumpAt(5) }))
    await eventuallyPasses(async () => expect(await page.title()).toContain('(4)'))
    expect(await sheet.count()).toBe(0)
    await words.blur()
    await sheet.getByText('South 6').waitFor()
    await sheet.getByTestId('sheet-escalate').click()
    await page.getByTestId('escalate-form').locator('button[type=submit]').click()
    await page.getByTestId('escalate-form').waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('leaves letters alone when the keys are switched off', async () => {
    await open(pictureOf(12, someAlarms()))
    await row(page, 'high').focus()
    await page.keyboard.press('?')
    await page.locator('dialog').getByTestId('keys-switch').uncheck()
    await page.keyboard.press('Escape')
    await row(page, 'high').focus()
    await page.keyboard.press('t')
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(`document.activeElement.dataset.episode`)).toBe('medium')
    expect(await row(page, 'high').getAttribute('data-response')).toBe('new')
  })

  it('offers whoever may not act nothing to press on an alarm: a wall screen, an engineer', async () => {
    await open(pictureOf(12, someAlarms()))
    for (const role of ['kiosk', 'engineer'] as const) {
      server.role = role
      await page.reload()
      await row(page, 'high').waitFor()
      const acts = '.row-menu, [data-testid="take"], [data-testid="flood"] button, [data-testid="filter-mine"]'
      expect(await page.locator(acts).count()).toBe(0)
      await row(page, 'high').focus()
      for (const key of ['t', 's', 'e', 'n', 'o', 'Enter']) await page.keyboard.press(key)
      await page.getByTestId('alarm-panel').waitFor()
      expect(await page.locator('dialog[open], [data-testid="call-patient"], [data-testid="hand-over"]').count()).toBe(
        0,
      )
      expect(await page.getByTestId('go-handover').count()).toBe(0)
      await page.goto(`${server.url}/#/hubs`)
      await page.locator('.hub-open').first().click()
      await page.locator('.hub-more').waitFor()
      expect(await page.getByTestId('hub-act').count()).toBe(role === 'engineer' ? 1 : 0)
      await page.goto(`${server.url}/#/`)
    }
    expect(await row(page, 'high').getAttribute('data-response')).toBe('new')
  })

  describe('the sound, rendered', () => {
    beforeAll(async () => {
      await page.goto('about:blank')
      await page.addScriptTag({ content: await soundScript() })
    })

    it.each(['high', 'medium', 'low', 'not-live', 'info'] as const)(
      'begins every pulse of %s on time',
      async (kind) => {
        const found = onsetsOf(loudness(await renderBurst(page, kind)))
        const wanted = bursts[kind].pulses.map(({ startMs, riseMs }) => startMs + riseMs / 2)
        expect(found).toHaveLength(wanted.length)
        for (const [at, ms] of wanted.entries()) expect(Math.abs((found[at] ?? Number.NaN) - ms)).toBeLessThanOrEqual(5)
      },
    )

    it.each(['high', 'medium', 'low'] as const)('has four partials and more within 15 dB in %s', async (kind) => {
      const samples = await renderBurst(page, kind)
      for (const { startMs, lengthMs, riseMs, fallMs, fundamentalHz } of bursts[kind].pulses) {
        const peaks = peaksOf(samples, startMs + riseMs, startMs + lengthMs - fallMs)
        const partials = peaks.filter(
          (hertz) => Math.abs(hertz / fundamentalHz - Math.round(hertz / fundamentalHz)) < 0.05,
        )
        expect(partials.length).toBeGreaterThanOrEqual(4)
      }
    })
  })
})
