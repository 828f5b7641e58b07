import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alarmOf } from '#test/support/live-fixtures.ts'
import { eventuallyPasses } from '#test/support/eventually.ts'
import { pumpAt } from '../accessibility/pictures.ts'
import { screens } from '../accessibility/screens.ts'
import type { ScreenUnderTest } from '../accessibility/screen-under-test.ts'
import { Stage } from '../accessibility/stage.ts'
import type { Width } from '../accessibility/formats.ts'

// What somebody meets who looks with the keyboard or the ears (dashboard.md 6 and 12): where the focus goes, what is spoken, what flashes.

const screenOf = (name: string): ScreenUnderTest => {
  const found = screens.find((screen) => screen.name === name)
  if (found === undefined) throw new Error(`no screen ${name}`)
  return found
}

const patient = { within: 60_000 }

/** What has the focus, and what is wrong with it; null: the page's body. */
interface Stop {
  readonly what: string
  readonly faults: readonly string[]
}

const focusNow = `(() => {
  const element = document.activeElement
  // Once around: whether the browser's own bar comes between depends on the browser.
  if (element === null || element === document.body || window.visited.has(element)) return 'null'
  window.visited.add(element)
  const faults = []
  const box = element.getBoundingClientRect()
  const shown = element.closest('.skip') === null
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const ringed = (style) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2
  const label = element.closest('label')
  if (![element, label, label?.querySelector('span')].some((one) => one != null && ringed(getComputedStyle(one)))) faults.push('has no ring')
  if (shown && element.matches('input[type=radio], input[type=checkbox]') && label !== null) {
    const near = label.getBoundingClientRect()
    if (near.bottom <= 0 || near.top >= innerHeight) faults.push('is outside of the window')
  } else {
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push('is outside of the window')
    // Somewhere on it, nothing lies over it.
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [box.left + box.width * x, box.top + box.height * y]))
    const free = points.filter(([x, y]) => {
      const top = document.elementFromPoint(x, y)
      return top !== null && (element.contains(top) || top.contains(element) || label?.contains(top))
    })
    if (free.length === 0) faults.push('lies under ' + (document.elementFromPoint(...points[4])?.outerHTML.slice(0, 80) ?? 'nothing'))
  }
  window.lastFocus ??= null
  if (window.lastFocus?.isConnected && !(window.lastFocus.compareDocumentPosition(element) & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY))) faults.push('comes before the one before')
  window.lastFocus = element
  return JSON.stringify({ what: element.outerHTML.slice(0, 110), faults })
})()`

describe('focus and speech', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await Stage.open()
  })
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  /** Tab from the top of the page until it leaves at the end. */
  const walk = async (most = 120): Promise<readonly Stop[]> => {
    const { page } = stage
    await page.evaluate(
      'window.visited = new WeakSet(), window.lastFocus = null, document.activeElement?.blur(), window.scrollTo(0, 0), null',
    )
    const stops: Stop[] = []
    while (stops.length < most) {
      await page.keyboard.press('Tab')
      const stop = JSON.parse(await page.evaluate<string>(focusNow)) as Stop | null
      if (stop === null) break
      stops.push(stop)
    }
    return stops
  }

  it.each([
    ['wall', '1440'],
    ['wall', '390'],
    ['wall-panel', '1440'],
    ['pump', '1440'],
    ['pump', '390'],
    ['roster', '1440'],
    ['roster', '390'],
    ['hubs', '1440'],
    ['hand-over-sheet', '1440'],
    ['hand-over-sheet', '390'],
    ['history', '1440'],
    ['history-episodes', '390'],
    ['simulator-drive', '1440'],
    ['sign-in', '390'],
  ] satisfies [string, Width][])(
    'walks by Tab through %s, %s: in its order, in sight, with a ring',
    async (name, width) => {
      const screen = screenOf(name)
      await stage.bring(screen, screen.states.includes('normal') ? 'normal' : 'empty', width)
      const stops = await walk()
      expect(stops.length).toBeGreaterThan(3)
      expect(stops.filter(({ faults }) => faults.length > 0)).toEqual([])
    },
  )

  it.each(['cant-take', 'close-out', 'duty', 'help', 'pump-call'])(
    'keeps the focus inside of the dialog %s, and gives it back',
    async (name) => {
      await stage.bring(screenOf(name), 'normal', '1440')
      const { page } = stage
      for (let step = 0; step < 25; step++) {
        await page.keyboard.press('Tab')
        const where = await page.evaluate<string>(
          `document.activeElement === document.body ? 'browser' : document.activeElement.closest('dialog') === null ? document.activeElement.outerHTML : 'dialog'`,
        )
        // Between the last and the first control is the browser's own bar.
        expect(['dialog', 'browser']).toContain(where)
      }
      await page.keyboard.press('Escape')
      await page.locator('dialog').waitFor({ state: 'detached' })
      expect(await page.evaluate(`document.activeElement !== document.body`)).toBe(true)
    },
  )

  it('W33: a row leaves, its place keeps the focus, and then the next row has it', async () => {
    await stage.bring(screenOf('wall'), 'normal', '1440')
    const { page, server } = stage
    const focused = async (name: string): Promise<string | undefined> =>
      await page.evaluate<string | undefined>(`document.activeElement.dataset.${name}`)
    const rows = page.locator('.queue-box > ol > [data-episode]')
    await rows.first().focus()
    const leaving = await focused('episode')
    const next = await rows.nth(1).getAttribute('data-episode')
    if (leaving === undefined) throw new Error('no row has the focus')
    server.close(alarmOf(leaving).episodeId)
    await eventuallyPasses(async () => expect(await focused('gone')).toBe(leaving), patient)
    await page.getByTestId('tombstone').waitFor({ state: 'detached' })
    expect(await focused('episode')).toBe(next)
  })

  it('W33: whatever had the focus goes, with its panel, its dialog or its screen, and the body never gets it', async () => {
    const { page, server } = stage
    const onBody = async (): Promise<boolean> =>
      await page.evaluate<boolean>(`document.activeElement === document.body`)
    await stage.bring(screenOf('wall-panel'), 'normal', '1440')
    await page.getByTestId('alarm-panel').getByTestId('call-patient').focus()
    server.close(alarmOf('new-high').episodeId)
    await page.getByTestId('alarm-panel').waitFor({ state: 'detached' })
    await eventuallyPasses(async () => expect(await onBody()).toBe(false), patient)
    await stage.bring(screenOf('wall'), 'normal', '1440')
    await page.locator('.queue-box > ol > [data-episode]').first().focus()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByTestId('hub-row').first().waitFor()
    await eventuallyPasses(async () => expect(await onBody()).toBe(false), patient)
  })

  it('W34: speaks a flood in regions that were there, High at most every 3 s, the rest every 5 s, Low never', async () => {
    await stage.bring(screenOf('wall'), 'empty', '1440')
    const { page, server } = stage
    const html = await (await fetch(server.url)).text()
    expect(html).toMatch(/id="say-assertive"[^>]*aria-live="assertive"[^>]*><\/div>/)
    expect(html).toMatch(/id="say-polite"[^>]*aria-live="polite"[^>]*><\/div>/)
    await page.evaluate(`
      window.said = []
      for (const id of ['assertive', 'polite'])
        new MutationObserver(() => {
          const text = document.getElementById('say-' + id).textContent
          if (text !== '') window.said.push({ id, text, at: performance.now() })
        }).observe(document.getElementById('say-' + id), { childList: true, characterData: true, subtree: true }), null`)
    await page.evaluate(`document.querySelector('main').focus()`)
    const kinds = ['high', 'low', 'medium', 'high', 'low', 'high'] as const
    const codes = { high: 'occlusion-downstream', medium: 'battery-low', low: 'reservoir-low' } as const
    const began = performance.now()
    for (let at = 0; at < 36; at++) {
      const priority = kinds[at % kinds.length] ?? 'low'
      const now = Date.now()
      server.show(
        alarmOf(`flood-${at}`, {
          priority,
          code: codes[priority],
          pumpId: pumpAt(at % 12),
          startedAt: now,
          observedAt: now,
        }),
      )
      await eventuallyPasses(() => expect(performance.now() - began).toBeGreaterThan((at + 1) * 300), {
        every: 20,
        within: 60_000,
      })
    }
    interface Said {
      readonly id: string
      readonly text: string
      readonly at: number
    }
    const said = async (): Promise<readonly Said[]> =>
      JSON.parse(await page.evaluate<string>('JSON.stringify(window.said)')) as Said[]
    await eventuallyPasses(
      async () => expect((await said()).filter(({ id }) => id === 'polite').length).toBeGreaterThan(1),
      {
        within: 60_000,
      },
    )
    const log = await said()
    const gaps = (region: string): readonly number[] => {
      const times = log.filter(({ id }) => id === region).map(({ at }) => at)
      return times.slice(1).map((at, index) => at - (times[index] ?? 0))
    }
    // The pause is kept from text to text; a tenth of a second for the timers of the page.
    expect(Math.min(...gaps('assertive'))).toBeGreaterThan(2_900)
    expect(Math.min(...gaps('polite'))).toBeGreaterThan(4_900)
    expect(log.filter(({ text }) => /nearly empty/i.test(text))).toEqual([])
    expect(
      log.filter(({ text }) => text.includes('mL')),
      'a value was announced',
    ).toEqual([])
    expect(await page.evaluate(`document.activeElement.tagName`), 'an alarm moved the focus').toBe('MAIN')
  })

  it('flashes every glyph in one phase, also of what comes later, and nothing else moves', async () => {
    await stage.bring(screenOf('wall'), 'normal', '1440')
    const { page, server } = stage
    const running = `JSON.stringify(document.getAnimations().map((a) => [a.effect.getTiming().duration, a.startTime, a.animationName]))`
    const flashes = async (): Promise<readonly [number, number, string][]> =>
      JSON.parse(await page.evaluate<string>(running)) as [number, number, string][]
    const before = (await flashes()).length
    const now = Date.now()
    server.show(alarmOf('later', { pumpId: pumpAt(1), startedAt: now, observedAt: now }))
    await page.locator('[data-episode="later"]').waitFor()
    await eventuallyPasses(async () => expect((await flashes()).length).toBeGreaterThan(before), patient)
    const all = await flashes()
    expect(new Set(all.map(([duration]) => duration))).toEqual(new Set([500, 2_000]))
    expect(new Set(all.map(([, start]) => start)).size).toBe(1)
    expect(all.every(([, , name]) => name.startsWith('flash'))).toBe(true)
  })

  it('moves nothing where motion is unwanted: a thick edge and the word "New" instead', async () => {
    const { page } = stage
    await page.emulateMedia({ reducedMotion: 'reduce' })
    try {
      await stage.bring(screenOf('wall'), 'normal', '1440')
      const row = page.locator('[data-testid="alarm-row"][data-episode="new-high"]')
      await row.waitFor()
      const edge = `getComputedStyle(document.querySelector('[data-episode="new-high"]')).borderTopWidth`
      expect(await page.evaluate('document.getAnimations().length')).toBe(0)
      expect(await page.evaluate(edge)).toBe('3px')
      expect(await row.locator('.new-word').isVisible()).toBe(true)
      expect(await page.locator('[data-episode="taken"] .new-word').count()).toBe(0)
    } finally {
      await page.emulateMedia({ reducedMotion: null })
    }
  })
})
