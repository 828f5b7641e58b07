import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layoutFaults } from '../accessibility/layout-faults.ts'
import { screens } from '../accessibility/screens.ts'
import type { ScreenUnderTest } from '../accessibility/screen-under-test.ts'
import { saturatedShare } from '../accessibility/pixels.ts'
import { palettes } from '../accessibility/formats.ts'
import { sightFaults } from '../accessibility/sights.ts'
import { Stage } from '../accessibility/stage.ts'

// What somebody sees who sees otherwise (dashboard.md 12): large type, a narrow window, wide spacing, from right to left, in the
// colours of the system. Drug lines and owners are the longest there are. `npm run axe -- --sight` looks at the other screens, too.

const looked = [
  'wall',
  'wall-panel',
  'wall-row-menu',
  'user-menu',
  'pump',
  'roster',
  'roster-supply',
  'hub-open',
  'hand-over-sheet',
  'history',
  'history-episode',
  'history-replay',
  'simulator-drive',
  'readiness',
  'help',
] as const
/** Seen again in the pseudo-locale, whose words are longer and run from right to left. */
const turned = ['wall', 'pump', 'roster', 'hand-over-sheet'] as const
const quiet = ['wall', 'pump', 'roster', 'hubs', 'hand-over-sheet', 'history', 'simulator', 'duty'] as const

const screenOf = (name: string): ScreenUnderTest => {
  const found = screens.find((screen) => screen.name === name)
  if (found === undefined) throw new Error(`no screen ${name}`)
  return found
}

describe('every screen, seen otherwise', () => {
  let stage: Stage
  let page: Page

  beforeAll(async () => {
    stage = await Stage.open()
    page = stage.page
  })
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  const photograph = async (): Promise<Buffer> => {
    // Where something has the focus it has its ring, the one hue outside of alarms.
    await page.evaluate('document.activeElement?.blur(), null')
    return await page.screenshot({ animations: 'disabled', caret: 'hide' })
  }

  it.each(looked)('fits, covers and cuts off nothing, at any size and spacing: %s', async (name) => {
    const screen = screenOf(name)
    await stage.bring(screen, 'normal', '1440')
    expect(await sightFaults(stage, screen)).toEqual([])
  })

  it.each(turned)('does so in long words from right to left: %s', async (name) => {
    const screen = screenOf(name)
    await stage.bring(screen, 'normal', '1440', '&lang=pseudo')
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl')
    const desk = await layoutFaults(page)
    await stage.dress('390', 'light')
    expect([desk, await layoutFaults(page)]).toEqual([[], []])
  })

  it('finds what is planted: text that is cut off, covered, outside of the window, and a control too small to hit', async () => {
    await stage.bring(screenOf('wall'), 'normal', '1440', '&lang=en')
    expect(await layoutFaults(page, 36)).toEqual([])
    await page.evaluate(`(() => {
      const [cut, over, out] = document.querySelectorAll('.alarm-row .alarm-name')
      const small = document.querySelector('.alarm-row .btn')
      Object.assign(cut.style, { blockSize: '10px', overflow: 'hidden' })
      Object.assign(over.style, { position: 'relative', insetBlockStart: '20px' })
      Object.assign(out.style, { position: 'relative', insetInlineStart: '-300px' })
      Object.assign(small.style, { minBlockSize: '0', blockSize: '20px' })
    })()`)
    const found = (await layoutFaults(page, 36)).join('\n')
    for (const fault of [
      /alarm-name hides \d+ px of its height/,
      /" \(.*\) over "/,
      /from -\d+ to/,
      /btn.* is \d+ × 20 px/,
    ])
      expect(found).toMatch(fault)
  })

  it.each(quiet)('has no saturated pixel without an alarm, in no palette: %s', async (name) => {
    await stage.bring(screenOf(name), 'empty', '1440')
    for (const palette of palettes) {
      await stage.dress('1440', palette)
      expect(saturatedShare(await photograph()), palette).toBe(0)
    }
  })

  it('sees a single saturated line', async () => {
    await page.evaluate(
      `document.body.appendChild(Object.assign(document.createElement('hr'), { id: 'planted' })), null`,
    )
    await page.evaluate(
      `Object.assign(planted.style, { position: 'fixed', inset: '0 0 auto', blockSize: '1px', margin: '0', border: '0', background: 'red', zIndex: '99' }), null`,
    )
    expect(saturatedShare(await photograph())).toBeGreaterThan(0)
  })

  it('keeps shapes, edges, hatch, what is chosen and what is filled, in the colours of the system', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    try {
      await stage.bring(screenOf('wall'), 'normal', '1440')
      const look = JSON.parse(
        await page.evaluate<string>(`(() => {
          const style = (selector, name) => getComputedStyle(document.querySelector(selector))[name]
          const glyph = (selector) => document.querySelector(selector).innerHTML.replaceAll(/ class="[^"]*"/g, '')
          const probe = document.body.appendChild(document.createElement('i'))
          probe.style.background = 'Highlight'
          return JSON.stringify({
            shapes: ['.queue .glyph-high', '.queue .glyph-medium', '.queue .glyph-low'].map(glyph),
            unowned: [style('[data-episode="new-high"] .glyph-body', 'fill'), style('[data-episode="new-high"] .glyph-mark', 'stroke')],
            taken: [style('[data-episode="taken"] .glyph-body', 'fill'), style('[data-episode="taken"] .glyph-body', 'stroke')],
            tint: style('.alarm-row.tint', 'backgroundColor'),
            page: style('body', 'backgroundColor'),
            edge: style('.alarm-row .edge', 'backgroundColor'),
            row: style('.alarm-row', 'borderTopStyle'),
            hatch: style('.alarm-row.hatched', 'backgroundImage'),
            highlight: getComputedStyle(probe).backgroundColor,
            chosen: [style('.rail [aria-current]', 'backgroundColor'), style('.segmented [aria-pressed="true"]', 'backgroundColor')],
          })
        })()`),
      ) as Readonly<Record<'tint' | 'page' | 'edge' | 'row' | 'hatch' | 'highlight', string>> &
        Readonly<Record<'shapes' | 'unowned' | 'taken' | 'chosen', readonly string[]>>
      expect(new Set(look.shapes).size).toBe(3)
      expect(new Set(look.unowned).size).toBe(2)
      expect(new Set(look.taken).size).toBe(2)
      expect(look.taken[0]).not.toBe(look.unowned[0])
      expect(look.tint).toBe(look.page)
      expect(look.edge).not.toBe(look.page)
      expect(look.row).toBe('solid')
      expect(look.hatch).toContain('gradient')
      expect(look.chosen).toEqual([look.highlight, look.highlight])
    } finally {
      await page.emulateMedia({ forcedColors: null })
    }
  })

  it('turns tints into edges where more contrast is asked for', async () => {
    await page.emulateMedia({ contrast: 'more' })
    try {
      await stage.bring(screenOf('wall'), 'normal', '1440')
      const row = `getComputedStyle(document.querySelector('.alarm-row.tint'))`
      const surface = await page.evaluate<string>(`(() => {
        const probe = document.body.appendChild(document.createElement('i'))
        probe.style.background = 'var(--surface)'
        return getComputedStyle(probe).backgroundColor
      })()`)
      expect(await page.evaluate(`${row}.backgroundColor`)).toBe(surface)
      expect(await page.evaluate(`${row}.borderTopWidth`)).toBe('2px')
    } finally {
      await page.emulateMedia({ contrast: null })
    }
  })
})
