import type { Page } from 'playwright-core'
import type { Role } from '#domain/live/views.ts'
import type { FakeLiveServer } from '#test/support/fake-live-server.ts'
import { widths } from './formats.ts'
import type { Width } from './formats.ts'
import { states } from './pictures.ts'
import type { State } from './pictures.ts'

export interface ScreenUnderTest {
  readonly name: string
  /** An administrator watches nothing: there is no live link that could be lost. */
  readonly role?: Role
  readonly hash: string
  readonly signedOut?: true
  /** A step of a screen that stands here by itself: looked at by `npm run axe` alone. */
  readonly isStep?: true
  /** States it can be in at all. */
  readonly states: readonly State[]
  /** Sizes it can be seen in at all. */
  readonly widths: readonly Width[]
  /** From the address to what is looked at. */
  readonly open: (page: Page, server: FakeLiveServer) => Promise<void>
}

export const desks = widths.filter((width) => width !== 'wallboard')
export const withAlarms = states.filter((state) => state !== 'empty')
export const withoutLink = states.filter((state) => state !== 'not-live')

export const shows =
  (selector: string) =>
  (page: Page): Promise<void> =>
    page.locator(selector).first().waitFor()

export const on = (hash: string, ready: string): Pick<ScreenUnderTest, 'hash' | 'states' | 'widths' | 'open'> => ({
  hash,
  states,
  widths: desks,
  open: shows(ready),
})

/** What is pressed one after the other, each once it is there; the last one is only waited for. */
export const through =
  (...selectors: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const [at, selector] of selectors.entries()) {
      const found = page.locator(selector).first()
      await found.waitFor()
      if (at < selectors.length - 1) await found.click()
    }
  }
