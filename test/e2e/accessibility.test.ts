import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge, wordsOf } from '../accessibility/axe.ts'
import type { State } from '../accessibility/pictures.ts'
import { screens } from '../accessibility/screens.ts'
import type { ScreenUnderTest } from '../accessibility/screen-under-test.ts'
import { palettes } from '../accessibility/formats.ts'
import { Stage } from '../accessibility/stage.ts'
import type { Palette, Width } from '../accessibility/formats.ts'

// Every screen once by the rules of axe-core, each in another state, palette and width; `npm run axe` looks at all of them,
// and at each step of the administrators' dialogs.

/** It takes ten seconds to be not live: where the page changes most. */
const seenNotLive = new Set(['wall', 'pump', 'roster', 'hand-over-sheet'])

const looks = screens
  .filter(({ isStep }) => isStep !== true)
  .map((screen, at): readonly [string, State, Width, Palette, ScreenUnderTest] => {
    const states = screen.states.filter((state) => (state === 'not-live') === seenNotLive.has(screen.name))
    const of = <T>(list: readonly T[], otherwise: T): T => list[at % list.length] ?? otherwise
    return [screen.name, of(states, 'normal'), of(screen.widths, '1440'), of(palettes, 'light'), screen]
  })

describe('every screen, once', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await Stage.open()
  })
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  it.each(looks)('breaks no rule: %s, %s, %s, %s', async (_, state, width, palette, screen) => {
    await stage.bring(screen, state, width)
    await stage.dress(width, palette)
    const { violations, unreviewed } = await judge(stage.page)
    expect(violations.map(wordsOf)).toEqual([])
    expect(unreviewed.map(wordsOf)).toEqual([])
  })

  it('finds what is planted: a button without a name, and words that nobody can read', async () => {
    const wall = screens.find(({ name }) => name === 'wall')
    if (wall === undefined) throw new Error('there is no wall')
    await stage.bring(wall, 'normal', '1440')
    await stage.page.evaluate(`
      document.querySelector('#queue-title').after(document.createElement('button'))
      document.querySelector('#queue-title').style.color = 'rgb(160 160 160)', null`)
    const { violations } = await judge(stage.page)
    expect(new Set(violations.map(({ rule }) => rule))).toEqual(new Set(['button-name', 'color-contrast']))
  })

  it('breaks no rule of the content security policy', () => {
    expect(stage.browser.complaints.filter((complaint) => complaint.includes('CSP'))).toEqual([])
  })
})
