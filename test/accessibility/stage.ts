import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Browser } from '#test/support/browser.ts'
import type { Screen } from '#test/support/browser.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import { repository } from '#test/support/program.ts'
import { sizes } from './formats.ts'
import type { Palette, Width } from './formats.ts'
import { answerFor } from './scripted-answers.ts'
import { pictureOf } from './pictures.ts'
import type { State } from './pictures.ts'
import type { ScreenUnderTest } from './screen-under-test.ts'

/** A pump is told of again well before its last reading is stale. */
const heardEveryMs = 4_000
const patienceMs = 60_000

/** One scripted server and one browser, brought from screen to screen and from state to state. */
export class Stage implements AsyncDisposable {
  readonly server: FakeLiveServer
  readonly browser: Browser
  readonly page: Page
  readonly #heard: NodeJS.Timeout
  #speaking: readonly string[] = []
  #loads = 0

  private constructor(server: FakeLiveServer, browser: Browser, page: Page) {
    this.server = server
    this.browser = browser
    this.page = page
    this.#heard = setInterval(() => {
      for (const pumpId of this.#speaking) server.sample(pumpId, {})
    }, heardEveryMs)
  }

  static async open(screen?: Screen): Promise<Stage> {
    const picture = pictureOf('empty', Date.now())
    const server = await FakeLiveServer.start(join(repository, 'dashboard', 'dist'), picture)
    const browser = await Browser.open(screen)
    const page = await browser.page()
    page.setDefaultTimeout(patienceMs)
    return new Stage(server, browser, page)
  }

  /** Loads the page anew, in this state, and opens what the screen is about. */
  async bring(screen: ScreenUnderTest, state: State, width: Width, query = ''): Promise<void> {
    const { server, page } = this
    const watches = screen.signedOut !== true && screen.role !== 'admin'
    const picture = pictureOf(state, server.now())
    server.silence(false)
    server.role = screen.role ?? 'nurse'
    server.readiness = null
    answerFor(server, state, picture)
    server.become(picture, screen.signedOut !== true)
    this.#speaking = picture.pumps.filter(({ link }) => link === 'up').map(({ pumpId }) => pumpId)
    await page.setViewportSize(sizes[width])
    // Where alarms were watched, a page without a session says NOT MONITORING and offers no form yet.
    if (screen.signedOut === true) await page.evaluate(`location.protocol === 'http:' && sessionStorage.clear(), null`)
    // Another query each time: without it an address with another part after `#` loads nothing.
    await page.goto(`${server.url}/?load=${(this.#loads += 1)}${query}${screen.hash}`)
    if (watches) {
      await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
      await this.#resize(width)
      // A page that was loaded anew may sound only after a press, and a nurse would have made it.
      if (state !== 'empty') {
        await page.mouse.click(2, 2)
        await page.getByTestId('sound-bar').waitFor({ state: 'detached' })
      }
    }
    await screen.open(page, server)
    if (state === 'not-live' && watches) await this.#hangUp()
    await page.mouse.move(0, 0)
    await page.evaluate('document.fonts.ready.then(() => null)')
  }

  /** The open page in another size and palette. */
  async dress(width: Width, palette: Palette): Promise<void> {
    await this.#resize(width)
    await this.page.evaluate(`document.documentElement.dataset.theme = '${palette}', null`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heard)
    await this.browser[Symbol.asyncDispose]()
    await this.server[Symbol.asyncDispose]()
  }

  async #resize(width: Width): Promise<void> {
    await this.page.setViewportSize(sizes[width])
    await this.page.evaluate(
      `document.documentElement.toggleAttribute('data-wallboard', ${width === 'wallboard'}), null`,
    )
  }

  /** The socket stays open and says nothing more. */
  async #hangUp(): Promise<void> {
    this.#speaking = []
    this.server.silence()
    await this.page.getByTestId('not-live').waitFor()
  }
}
