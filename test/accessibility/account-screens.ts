import type { Page, Route } from 'playwright-core'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import { on, shows, through } from './screen-under-test.ts'
import type { ScreenUnderTest } from './screen-under-test.ts'

// How somebody signs in, and what she does to that.

const menu = '[data-testid="user-menu"]'
const factors = [menu, '[data-testid="open-factors"]'] as const

/** The next answer to one path; the worker asks it. */
const refuseOnce = async (page: Page, path: string, status: number, code: string): Promise<void> => {
  const body = JSON.stringify({ code })
  const refuse = async (route: Route): Promise<void> =>
    await route.fulfill({ status, contentType: 'application/problem+json', body })
  await page.route(`**/api/v1/${path}`, refuse, { times: 1 })
}

/** The password was right, and more is asked for. */
const halfIn =
  (needs: HalfSignedIn['needs'], ready: string) =>
  async (page: Page): Promise<void> => {
    const half: HalfSignedIn =
      needs === 'factor'
        ? { needs, ways: ['totp', 'passkey', 'recovery'] }
        : { needs, ways: [], reset: { at: Date.now() - 3_600_000, by: 'j.lind' } }
    await page.route('**/api/v1/session', async (route) => await route.fulfill({ json: half }), { times: 1 })
    await page.fill('input[name=name]', 'osei')
    await page.fill('input[name=password]', 'right')
    await page.click('button[type=submit]')
    await page.locator(ready).waitFor()
  }

const before = (hash: string): Pick<ScreenUnderTest, 'signedOut' | 'hash' | 'states' | 'widths' | 'open'> => ({
  ...on(hash, ''),
  signedOut: true,
  states: ['normal'],
})

export const accountScreens: readonly ScreenUnderTest[] = [
  { name: 'sign-in', ...before(''), states: ['empty', 'normal'], open: shows('[data-testid="sign-in-form"]') },
  {
    name: 'sign-in-wrong',
    ...before(''),
    states: ['empty'],
    open: async (page) => {
      await page.fill('input[name=name]', 'osei')
      await page.fill('input[name=password]', 'wrong')
      await page.click('button[type=submit]')
      await page.locator('.notice[role=alert]').waitFor()
    },
  },
  { name: 'second-step', ...before(''), open: halfIn('factor', 'input[name="second-code"]') },
  {
    name: 'second-enrol',
    isStep: true,
    ...before(''),
    open: async (page) => {
      await halfIn('enrol', '[data-testid="totp-begin"]')(page)
      await through('[data-testid="totp-begin"]', '[data-testid="totp-set-up"]')(page)
    },
  },
  { name: 'invited', ...before(`#/invited/${'a'.repeat(43)}`), open: shows('[data-testid="invited-form"]') },
  {
    name: 'invited-over',
    isStep: true,
    ...before(`#/invited/${'b'.repeat(43)}`),
    states: ['empty'],
    open: shows('[data-testid="invited-over"]'),
  },
  {
    name: 'sessions',
    ...on('#/', ''),
    open: through(menu, '[data-testid="open-sessions"]', '[data-testid="sessions"] li, [data-testid="sessions"] tr'),
  },
  { name: 'factors', ...on('#/', ''), open: through(...factors, '[data-testid="password-change"]') },
  {
    name: 'factors-app',
    isStep: true,
    ...on('#/', ''),
    states: ['normal'],
    open: through(...factors, '[data-testid="totp-begin"]', '[data-testid="totp-set-up"]'),
  },
  {
    name: 'factors-codes',
    isStep: true,
    ...on('#/', ''),
    states: ['normal'],
    open: through(...factors, '[data-testid="recovery-new"]', '[data-testid="recovery-codes"]'),
  },
  {
    name: 'factors-password',
    isStep: true,
    ...on('#/', ''),
    states: ['normal'],
    open: through(...factors, '[data-testid="password-change"]', '[data-testid="factors"] input[type=password]'),
  },
  {
    name: 'step-up',
    isStep: true,
    ...on('#/', ''),
    states: ['normal', 'not-live'],
    open: async (page) => {
      await refuseOnce(page, 'factors/recovery-codes', 403, 'step_up_needed')
      await through(...factors, '[data-testid="recovery-new"]', 'input[name="step-up-code"]')(page)
    },
  },
]
