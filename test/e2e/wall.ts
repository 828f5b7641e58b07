import type { Locator, Page } from 'playwright-core'

/** The dashboard as a nurse uses it. */
export class Wall {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async signIn(url: string, name: string, password: string): Promise<void> {
    if (await this.signInWithoutDuty(url, name, password)) await this.lookOnly()
  }

  /** As who is never called about an alarm and so is asked for no duty: an engineer. False: was signed in before. */
  async signInWithoutDuty(url: string, name: string, password: string): Promise<boolean> {
    if (!this.#page.url().startsWith(url)) await this.#page.goto(url)
    const form = this.#page.getByTestId('sign-in-form')
    const pill = this.#page.getByTestId('live-pill')
    await form.or(pill).first().waitFor({ timeout: 45_000 })
    if (await pill.isVisible()) return false
    await form.locator('input[name=name]').fill(name)
    await form.locator('input[name=password]').fill(password)
    await form.locator('button[type=submit]').click()
    await pill.waitFor({ timeout: 45_000 })
    return true
  }

  /** As an administrator, who sees no pump and hears no alarm. */
  async signInWithoutAlarms(url: string, name: string, password: string): Promise<void> {
    await this.#page.goto(url)
    await this.#page.locator('input[name=name]').fill(name)
    await this.#page.locator('input[name=password]').fill(password)
    await this.#page.locator('button[type=submit]').click()
    await this.#page.getByTestId('go-audit').waitFor()
  }

  /** The duty that asks for no check. */
  async lookOnly(): Promise<void> {
    const looking = this.#page.getByTestId('duty-looking')
    await looking.click({ timeout: 45_000 })
    await looking.waitFor({ state: 'detached', timeout: 45_000 })
  }

  row(pumpId: string, code: string): Locator {
    return this.#page.locator(`[data-testid="alarm-row"][data-pump="${pumpId}"][data-code="${code}"]`)
  }

  liveState = async (): Promise<string | null> => await this.#page.getByTestId('live-pill').getAttribute('data-state')

  soundArmed = async (): Promise<boolean> =>
    (await this.#page.getByTestId('sound-chip').getAttribute('data-armed')) === 'true'

  /** What this station sounds right now, or null. */
  soundingPriority = async (): Promise<string | null> =>
    await this.#page.getByTestId('sound-chip').getAttribute('data-sounding')

  take = async (row: Locator): Promise<void> => await row.getByTestId('take').click()

  async closeOut(row: Locator): Promise<void> {
    await row.getByTestId('close-out').click()
    const form = this.#page.getByTestId('close-out-form')
    await form.locator('label:has(input[value=true-and-acted])').click()
    await form.locator('label:has(input[value=kink-or-clamp])').click()
    await form.locator('button[type=submit]').click()
  }

  takeButtons = async (): Promise<number> => await this.#page.getByTestId('take').count()

  episodes = async (): Promise<readonly string[]> =>
    await this.#page
      .getByTestId('alarm-row')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-episode') ?? ''))

  /** Durations of the running flash animations, ms. */
  flashPeriodsMs = async (): Promise<readonly number[]> =>
    JSON.parse(
      await this.#page.evaluate(
        `JSON.stringify(document.getAnimations().filter((a) => a.animationName?.startsWith('flash')).map((a) => a.effect.getTiming().duration))`,
      ),
    )
}
