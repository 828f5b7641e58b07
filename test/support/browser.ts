import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core'
import { filesBelow, findNothing, overhear, plant } from './confinement.ts'
import { findService, missingService } from './services.ts'

export const chromiumPath = findService('chromium')

export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=user-gesture-required',
]

export interface Screen {
  readonly width: number
  readonly height: number
  readonly theme?: 'light' | 'dark'
  /** Letters fall on the same pixels whatever the machine's fonts are set to. */
  readonly exactType?: boolean
}

/** As it says of itself, for instance `Chromium 150.0.1 built on Debian`. */
export const chromiumVersion = (): string => {
  if (chromiumPath === null) throw new Error(missingService('chromium'))
  return execFileSync(chromiumPath, ['--version'], { encoding: 'utf8' }).trim()
}

/**
 * A real browser with an empty profile; everything it complains about is kept in `complaints`. Disposing of it rejects when its
 * profile holds what a test has planted: storage, caches, history, whatever a browser writes to disk.
 */
export class Browser implements AsyncDisposable {
  #closed = false
  readonly #context: BrowserContext
  /** Its folder, which stands in the command line of the browser and of nothing else. */
  readonly profile: string
  readonly complaints: string[] = []

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context
    this.profile = profile
  }

  static async open(screen: Screen = { width: 1440, height: 900 }): Promise<Browser> {
    if (chromiumPath === null) throw new Error(missingService('chromium'))
    const profile = mkdtempSync(join(tmpdir(), 'infusion-watch-browser-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath,
      args: [
        ...chromiumFlags,
        ...(screen.exactType === true ? ['--font-render-hinting=none', '--disable-lcd-text'] : []),
      ],
      viewport: { width: screen.width, height: screen.height },
      colorScheme: screen.theme ?? 'light',
    })
    return new Browser(context, profile)
  }

  async page(): Promise<Page> {
    return await this.#watched(this.#context.pages()[0] ?? (await this.#context.newPage()))
  }

  /** One more tab of the same profile. */
  async tab(): Promise<Page> {
    return await this.#watched(await this.#context.newPage())
  }

  /** What the developer tools can do to a page. */
  tools = async (page: Page): Promise<CDPSession> => await this.#context.newCDPSession(page)

  async offline(isOffline: boolean): Promise<void> {
    await this.#context.setOffline(isOffline)
  }

  async #watched(page: Page): Promise<Page> {
    page.on('request', (request) => overhear('an address that the browser asked', request.url()))
    page.on('response', (response) => {
      if (response.status() < 400) return
      response.text().then(
        (text) => overhear(`error ${response.status()} of ${response.url()}`, text),
        () => undefined,
      )
    })
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()}`)
    })
    await page.addInitScript({
      content: `document.addEventListener('securitypolicyviolation', (event) =>
        console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI))`,
    })
    return page
  }

  /** Once: tests that look at several browsers close each early. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const cookies = await this.#context.cookies().catch(() => [])
    for (const { name, value } of cookies.filter(({ value }) => value.length >= 16))
      plant({ name: `cookie ${name} of the browser`, value, home: /^browser\/.*Cookies/ })
    await this.#context.close()
    try {
      findNothing(filesBelow(this.profile, 'browser'))
    } finally {
      rmSync(this.profile, { recursive: true, force: true })
    }
  }
}
