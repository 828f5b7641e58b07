import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { HandMadeProvider } from '#test/support/hand-made-provider.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { setUpApp } from '#test/support/second-factor.ts'
import { Wall } from './wall.ts'

// Who may come in and for how long, in a browser on a real server.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const within = { within: 60_000, every: 100 }

/** Frequencies of what sounds from now on. */
const listenIn = `(() => {
  window.started = []
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (at) { window.started.push(Math.round(this.frequency.value)); return start.call(this, at) }
})()`

const violations = async (on: Page): Promise<readonly string[]> =>
  await on.evaluate<string[]>(`(async () => {
    const module = { exports: {} }
    ;(function (module, exports) { ${axe} })(module, module.exports)
    const axe = window.axe ?? module.exports
    const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html).join(' '))
  })()`)

const person = (page: Page, name: string) => page.getByTestId('person').filter({ hasText: name })

const openPerson = async (page: Page, name: string): Promise<void> => {
  await person(page, name).getByRole('button').click()
  await page.getByTestId('person-dialog').waitFor()
}

describe('people and their sessions', () => {
  const dir = mkdtempSync(join(tmpdir(), 'people-screen-'))
  let provider: HandMadeProvider
  let server: Program
  let browser: Browser
  let page: Page
  let url: string
  let access: (role: string) => { readonly name: string; readonly password: string }

  beforeAll(async () => {
    provider = await HandMadeProvider.start()
    server = new Program({
      name: 'server',
      args: ['server/main.ts'],
      env: {
        DATA_DIR: dir,
        PORT: '0',
        DEMO_ACCOUNTS: '1',
        LOG_LEVEL: 'info',
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: 'infusion-watch',
        OIDC_ACR: 'mfa',
        OIDC_LABEL: 'House account',
      },
    })
    const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
    url = `http://localhost:${port}`
    const { users } = DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
    access = (role) => {
      const user = users.find((one) => one.role === role)
      if (user === undefined) throw new Error(`the demonstration has no ${role}`)
      return user
    }
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(60_000)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await provider?.[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })

  const signIn = async (role: string): Promise<void> => {
    await page.locator('input[name=name]').fill(access(role).name)
    await page.locator('input[name=password]').fill(access(role).password)
    await page.locator('button[type=submit]').click()
  }

  it('a nurse sees where she is signed in, and ends what is not this screen', async () => {
    const { name, password } = access('nurse')
    await new Wall(page).signIn(url, name, password)
    const elsewhere = await Nurse.signIn(url, name, password)
    await page.getByTestId('user-menu').click()
    await page.getByTestId('open-sessions').click()
    await page.locator('[data-testid="session"][data-current="true"]', { hasText: 'Chrome on Linux' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.locator('[data-testid="session"][data-current="false"]').getByTestId('session-end').click()
    await eventually(async () => (await page.getByTestId('session').count()) === 1, within)
    expect((await elsewhere.request('GET', '/me')).status).toBe(401)
    await page.keyboard.press('Escape')
  })

  it('W12: a wall whose session is ended elsewhere says NOT MONITORING and sounds, also after it was loaded anew, until somebody signs in', async () => {
    const { name, password } = access('nurse')
    await page.evaluate(listenIn)
    const elsewhere = await Nurse.signIn(url, name, password)
    expect((await elsewhere.request('DELETE', '/sessions')).status).toBe(204)
    const screen = page.getByTestId('not-monitoring')
    await screen.waitFor()
    expect(await page.title()).toContain('NOT MONITORING')
    expect(await page.getByTestId('live-pill').count()).toBe(0)
    await eventuallyPasses(async () => expect(await page.evaluate('window.started')).toContain(440), within)
    expect(await violations(page)).toEqual([])

    await page.reload()
    await screen.waitFor()
    await screen.getByRole('button', { name: 'Sign in' }).click()
    await signIn('nurse')
    await page.getByTestId('duty-looking').click()
    await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    await page.getByTestId('user-menu').click()
    await page.getByTestId('sign-out').click()
    await page.getByTestId('sign-in-form').waitFor()
    await page.reload()
    await page.getByTestId('sign-in-form').waitFor()
    expect(await screen.count()).toBe(0)
  })

  describe('an administrator', () => {
    let nurse: Browser
    let wall: Page

    beforeAll(async () => {
      nurse = await Browser.open()
      wall = await nurse.page()
      wall.setDefaultTimeout(60_000)
    })
    afterAll(() => nurse?.[Symbol.asyncDispose]())

    it('adds a nurse by a link, by which she chooses a password and watches', async () => {
      await signIn('admin')
      await page.getByTestId('go-people').click()
      await person(page, 'm.osei').waitFor()
      expect(await page.getByTestId('live-pill').count()).toBe(0)
      await page.getByTestId('people-add').click()
      await page.getByTestId('people-add-form').locator('input[name=name]').fill('t.haas')
      expect(await violations(page)).toEqual([])
      await page.getByTestId('people-add-form').locator('button[type=submit]').click()
      const link = await page.getByTestId('people-link').inputValue()
      await page.getByRole('button', { name: 'Done' }).click()
      await person(page, 't.haas').getByText('link sent').waitFor()

      await wall.goto(link)
      await wall.getByTestId('invited-as').waitFor()
      expect(await violations(wall)).toEqual([])
      for (const field of ['password', 'again'])
        await wall.locator(`input[name=${field}]`).fill('four words nobody would put together')
      await wall.locator('button[type=submit]').click()
      await setUpApp(wall)
      await wall.getByTestId('duty-looking').click()
      await wall.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
      expect(new URL(wall.url()).hash).toBe('#/')
      await wall.reload()
      await wall.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    })

    it('resets her second factor with a reason: her wall goes dark, says who did it, and watches again with another one', async () => {
      await openPerson(page, 'm.osei')
      await page.getByTestId('person-reset').click()
      await page.getByTestId('person-on-call').getByText('m.osei is on call now').waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')

      await openPerson(page, 't.haas')
      await page.getByTestId('person-dialog').getByText('app, 10 recovery codes left').waitFor()
      await page.getByTestId('person-reset').click()
      expect(await page.getByTestId('person-on-call').count()).toBe(0)
      await page.getByTestId('person-reset-form').locator('input[name=reason]').fill('telephone lost')
      await page.getByTestId('person-reset-now').click()
      await page.getByTestId('person-reset-open').getByText('by a.novak: “telephone lost”').waitFor()
      await page.keyboard.press('Escape')

      await wall.getByTestId('not-monitoring').getByRole('button', { name: 'Sign in' }).click()
      await wall.locator('input[name=name]').fill('t.haas')
      await wall.locator('input[name=password]').fill('four words nobody would put together')
      await wall.locator('button[type=submit]').click()
      await wall.getByTestId('factors-reset').getByText('was reset by a.novak').waitFor()
      expect(await violations(wall)).toEqual([])
      await setUpApp(wall)
      await wall.getByTestId('duty-looking').click()
      await wall.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    })

    it('sees where she is signed in and disables her: her wall goes dark, and she is let in again', async () => {
      await openPerson(page, 't.haas')
      await page.getByTestId('person-dialog').getByTestId('session').waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByTestId('person-disable').click()
      await wall.getByTestId('not-monitoring').waitFor()
      await page.getByTestId('person-dialog').getByText('Enable again').click()
      await page.getByTestId('person-dialog').getByText('Disable', { exact: true }).waitFor()
      await page.keyboard.press('Escape')
    })

    it('links her with the provider of the house by another link; from then on its button is enough', async () => {
      provider.visitor = { sub: 'haas-at-the-house', acr: 'mfa' }
      await wall.getByTestId('not-monitoring').getByRole('button', { name: 'Sign in' }).click()
      await wall.getByTestId('sso').click()
      await wall.getByTestId('sso-problem').getByText('you have no account here').waitFor()
      expect(await violations(wall)).toEqual([])

      await openPerson(page, 't.haas')
      await page.getByTestId('person-link').click()
      const link = await page.getByTestId('people-link').inputValue()
      await page.getByRole('button', { name: 'Done' }).click()
      await wall.goto(link)
      await wall.getByTestId('sso').click()
      await wall.getByTestId('duty-looking').click()
      await wall.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
      expect(new URL(wall.url()).hash).toBe('#/')
      await wall.getByTestId('user-menu').click()
      await wall.getByTestId('sign-out').click()
      await wall.getByTestId('sso').click()
      await wall.getByTestId('duty-looking').click()
      await wall.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    })

    it('whom the provider knows proves there again who she is, in a window of its own, and what she asked for goes on', async () => {
      const database = new DatabaseSync(join(dir, 'journal.db'))
      database.exec(`UPDATE app_session SET proven_at = proven_at - 700000
        WHERE user_id = (SELECT user_id FROM app_user WHERE name = 't.haas')`)
      database.close()
      provider.visitor = { ...provider.visitor, auth_time: Math.floor(Date.now() / 1000) }
      await wall.getByTestId('user-menu').click()
      await wall.getByTestId('open-factors').click()
      await wall.getByTestId('recovery-new').click()
      await wall.getByTestId('step-up-sso').waitFor()
      expect(await violations(wall)).toEqual([])
      const [beside] = await Promise.all([wall.waitForEvent('popup'), wall.getByTestId('step-up-sso').click()])
      await beside.getByRole('heading', { name: 'It is you' }).waitFor()
      expect(await violations(beside)).toEqual([])
      await wall.getByTestId('recovery-codes').waitFor()
      await beside.close()
      await wall.getByTestId('codes-kept').click()
      await wall.keyboard.press('Escape')
      await wall.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    })

    it('cannot be the last one to be disabled, is told what is refused, and the page has nothing to complain of', async () => {
      await openPerson(page, 'a.novak')
      expect(await page.getByTestId('person-disable').count()).toBe(0)
      await page.keyboard.press('Escape')
      await page.getByTestId('people-add').click()
      await page.getByTestId('people-add-form').locator('input[name=name]').fill('M.OSEI')
      await page.getByTestId('people-add-form').locator('button[type=submit]').click()
      await page.getByText('Somebody has this name already.').waitFor()
      await page.keyboard.press('Escape')
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 844 })
        for (const theme of ['light', 'night']) {
          await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
          expect(await violations(page)).toEqual([])
        }
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      }
      const expected = /status of 4(01|09|10)/
      expect([...browser.complaints, ...nurse.complaints].filter((line) => !expected.test(line))).toEqual([])
    })
  })
})
