import type { Page } from 'playwright-core'
import { eventually } from '#test/support/eventually.ts'
import { sizes } from '../accessibility/formats.ts'
import { screens } from '../accessibility/screens.ts'
import type { Stage } from '../accessibility/stage.ts'
import type { Look } from './looks.ts'

const window = { width: 1280, height: 800 }

/** A clock stops at a moment to come, also on a computer that takes its time to say so. */
const aheadMs = 30_000
/** Of the page's own clock: longer than a chart, a counter or a spoken text waits. */
const settleMs = 600

/** The server's clock stands at `at`, ms, and that of the page, which is opened, begins there. */
export const standingStill = async ({ server, page }: Stage, at: number): Promise<void> => {
  server.now = () => at
  await page.clock.install({ time: at })
  await page.goto(server.url)
}

/** The page's clock stops; heartbeats of this moment come until the page believes in them. */
const stop = async ({ page, server }: Stage): Promise<void> => {
  await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + aheadMs)
  const live = page.locator('[data-testid="live-pill"][data-state="live"]')
  await eventually(
    async () => {
      for (let beat = 0; beat < 12; beat++) server.beat()
      await page.clock.runFor(settleMs)
      return await live.isVisible()
    },
    { within: 60_000, what: 'a live page whose clock stands' },
  )
}

/** Not live is judged by a clock that cannot be stopped: since when, how often it was tried, and how old an alarm was then. */
const hideSeconds = `(() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('.not-live-band p, .row-timer { visibility: hidden } .row-timer { inline-size: 110px; overflow: clip }')
  document.adoptedStyleSheets = [sheet]
})()`

/** What the browser drew twice running: right after a new size a part of the page may still be drawn in the old one. */
const settled = async (page: Page): Promise<Buffer> => {
  let last: Buffer | null = null
  return await eventually(
    async () => {
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      const same = last?.equals(picture) === true
      last = picture
      return same ? picture : null
    },
    { within: 60_000, what: 'two pictures that are the same' },
  )
}

export const photograph = async (stage: Stage, look: Look): Promise<Buffer> => {
  const screen = screens.find(({ name }) => name === look.screen)
  if (screen === undefined) throw new Error(`there is no screen ${look.screen}`)
  const { page } = stage
  await page.clock.resume()
  // The palette of whoever signs in: canvas and charts draw in its colours, too.
  await page.evaluate(`localStorage.setItem('theme', '${look.palette}'), null`)
  await stage.bring(screen, look.state, look.width)
  await page.setViewportSize(look.width === '390' ? sizes['390'] : window)
  await (look.state === 'not-live' ? page.evaluate(hideSeconds) : stop(stage))
  await page.evaluate('document.fonts.ready.then(() => scrollTo(0, 0))')
  return await settled(page)
}
