import { sizes } from '../accessibility/formats.ts'
import { screens } from '../accessibility/screens.ts'
import type { Stage } from '../accessibility/stage.ts'
import type { Look } from './looks.ts'

/** More than the page judges the server's time by. */
const beats = 12

/** A clock stops at a moment to come, also on a computer that takes its time to say so. */
const aheadMs = 30_000

/** The server's clock stands at `at`, ms, and that of the page begins there. */
export const standingStill = async ({ server, page }: Stage, at: number): Promise<void> => {
  server.now = () => at
  await page.clock.install({ time: at })
}

/** The page's clock stops, and every heartbeat that it judges by is of this moment. */
const stop = async ({ page, server }: Stage): Promise<void> => {
  await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + aheadMs)
  for (let beat = 0; beat < beats; beat++) server.beat()
  await page.clock.runFor(600)
}

/** How long it has not been live is told by the second, and the attempts are counted. */
const hideSeconds = `(() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('.not-live-band p { visibility: hidden }')
  document.adoptedStyleSheets = [sheet]
})()`

export const photograph = async (stage: Stage, look: Look): Promise<Buffer> => {
  const screen = screens.find(({ name }) => name === look.screen)
  if (screen === undefined) throw new Error(`there is no screen ${look.screen}`)
  const { page } = stage
  await page.clock.resume()
  await stage.bring(screen, look.state, look.width)
  await page.setViewportSize(look.width === '390' ? sizes['390'] : { width: 1280, height: 800 })
  await stage.page.evaluate(`document.documentElement.dataset.theme = '${look.palette}', null`)
  await page.evaluate(hideSeconds)
  if (look.state !== 'not-live') await stop(stage)
  await page.evaluate('document.fonts.ready.then(() => scrollTo(0, 0))')
  return await page.screenshot({ animations: 'disabled', caret: 'hide' })
}
