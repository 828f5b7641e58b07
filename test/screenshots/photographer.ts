import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Browser } from '#test/support/browser.ts'
import { say } from './demonstration.ts'
import { fileOf, signInAs, sizes, sizesOf, type Palette, type Shot, type Size, type Stage } from './shots.ts'

/** Of a page, on a machine that has a fleet to do besides. */
const patienceMs = 60_000
/** A canary goes round about once a minute. */
const provenWithinMs = 150_000

export interface Order {
  readonly palettes: readonly Palette[]
  readonly sizes: readonly Size[]
  readonly out: string
}

/** As the page itself asks the server. */
export const post = (path: string, body: object): string =>
  `fetch('/api/v1/${path}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(body))} })`

/** As it stands before a nurse for most of her shift: live, heard, proven, and its pages read. */
const settle = async (page: Page): Promise<void> => {
  await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
  await page.mouse.click(2, 2)
  await page.getByTestId('sound-bar').waitFor({ state: 'detached' })
  const proven = page.locator('[data-testid="path-chip"][data-state="proven"]')
  await proven
    .waitFor({ timeout: provenWithinMs })
    .catch(() => say('  no test alarm has come to this page: the pictures say so'))
}

/** One of her alarms is hers already, once there are several. */
const takeOne = async (page: Page): Promise<void> => {
  const rows = page.locator('[data-testid="alarm-row"][data-priority="high"]:has([data-testid="take"])')
  if ((await rows.count()) < 2) return
  await rows.last().getByTestId('take').click()
}

/** One person at one browser. Nothing is loaded anew between two pictures, or the page would have to prove itself again. */
export class Photographer implements AsyncDisposable {
  readonly #stage: Stage
  readonly #page: Page
  readonly #role: Shot['role']
  readonly #order: Order

  private constructor(stage: Stage, page: Page, role: Shot['role'], order: Order) {
    this.#stage = stage
    this.#page = page
    this.#role = role
    this.#order = order
  }

  static async as(role: Shot['role'], stage: Omit<Stage, 'browser'>, order: Order): Promise<Photographer> {
    const browser = await Browser.open(sizes.desk)
    try {
      const page = await browser.page()
      page.setDefaultTimeout(patienceMs)
      if (role === 'nobody') await page.goto(stage.demo.url)
      else await signInAs(page, stage.demo, role)
      // Her word that she hears this loudspeaker, which nothing else can prove.
      if (role === 'nurse' || role === 'lead') await page.evaluate(post('shift-check', { heard: true }))
      if (role !== 'nobody' && role !== 'admin') await settle(page)
      if (role === 'nurse') await takeOne(page)
      return new Photographer({ ...stage, browser }, page, role, order)
    } catch (error) {
      await browser[Symbol.asyncDispose]()
      throw error
    }
  }

  /** In every size and palette that was ordered. What goes wrong is said, and the next one is tried: what is missing. */
  async take(shot: Shot, taken: (file: string) => void): Promise<readonly string[]> {
    const { palettes, sizes: ordered } = this.#order
    const missing: string[] = []
    for (const size of ordered.filter((one) => sizesOf(shot).includes(one))) {
      const files = palettes.map((palette) => [palette, fileOf(shot, palette, size)] as const)
      let done = 0
      try {
        await this.#open(shot, size)
        for (const [palette, file] of files) {
          await this.#dress(shot, palette)
          await this.#snap(file)
          done += 1
          taken(file)
        }
      } catch (error) {
        missing.push(...files.slice(done).map(([, file]) => file))
        say(`  NOT TAKEN ${files[done]?.[1] ?? shot.name}: ${error instanceof Error ? error.message : String(error)}`)
      } finally {
        await this.#leave(shot).catch((error: unknown) => say(`  ${shot.name} does not close: ${String(error)}`))
      }
    }
    return missing
  }

  async #open(shot: Shot, size: Size): Promise<void> {
    const page = this.#page
    await page.setViewportSize(sizes[size])
    if (this.#role === 'nobody') return
    if (size === 'wallboard') await page.evaluate(`document.documentElement.toggleAttribute('data-wallboard', true)`)
    await page.evaluate(`location.hash = '${shot.hash}', null`)
    await page.locator(shot.ready).first().waitFor()
    // What reached her meanwhile was read.
    for (const bar of await page.locator('.back-bar > .btn').all()) await bar.click()
    await shot.before?.(page, this.#stage)
  }

  async #dress(shot: Shot, palette: Palette): Promise<void> {
    const page = this.#page
    if (this.#role !== 'nobody') {
      // By her own menu, also behind a dialog.
      await page.evaluate(`document.querySelector('.user-menu').open = true, null`)
      const choice = `.user-menu input[name=theme][value=${palette}]`
      await page.locator(choice).waitFor({ state: 'attached' })
      await page.evaluate(`document.querySelector('${choice}').click(), null`)
      if (shot.overMenu !== true) await page.evaluate(`document.querySelector('.user-menu').open = false, null`)
    } else {
      await page.context().clearCookies()
      await page.evaluate(`localStorage.setItem('theme', '${palette}'), sessionStorage.clear()`)
      await page.goto(`${this.#stage.demo.url}/${shot.hash}`)
      await page.reload()
      await page.locator(shot.ready).first().waitFor()
      await shot.before?.(page, this.#stage)
    }
    await page.locator(`html[data-theme="${palette}"]`).waitFor()
  }

  async #snap(file: string): Promise<void> {
    const page = this.#page
    await page.mouse.move(0, 0)
    // She came by the pointer: no ring.
    await page.evaluate(`document.querySelector('dialog[open]') ?? document.activeElement.blur(), null`)
    await page.evaluate('document.fonts.ready.then(() => scrollTo(0, 0))')
    // Canvases are drawn in the frame after the one in which the palette changed.
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null))))',
    )
    // Glyphs flash: each picture shows them lit.
    await page.screenshot({ path: join(this.#order.out, file), animations: 'disabled' })
  }

  async #leave(shot: Shot): Promise<void> {
    const page = this.#page
    if (this.#role === 'nobody') return
    await shot.after?.(page, this.#stage)
    await page.keyboard.press('Escape')
    await page.evaluate(
      `document.querySelector('.user-menu').open = false, document.documentElement.toggleAttribute('data-wallboard', false)`,
    )
  }

  get complaints(): readonly string[] {
    // The page was cut off on purpose.
    return this.#stage.browser.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stage.browser[Symbol.asyncDispose]()
  }
}
