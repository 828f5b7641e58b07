import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { keyWords } from '#domain/uplink/key-words.ts'
import { enrolHub } from '#test/support/enrolled-hub.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'

// The audit trail and the registry of hubs, on a server of its own; a lead and a nurse beside it use the REST interface.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe('the audit screen', () => {
  const dir = mkdtempSync(join(tmpdir(), 'audit-screen-'))
  let server: Program
  let browser: Browser
  let page: Page
  let url: string

  beforeAll(async () => {
    server = new Program({
      name: 'server',
      args: ['server/main.ts'],
      env: { DATA_DIR: dir, PORT: '0', DEMO_ACCOUNTS: '1', LOG_LEVEL: 'info' },
    })
    const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
    url = `http://localhost:${port}`
    const { users } = DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
    const access = (role: string): { readonly name: string; readonly password: string } => {
      const user = users.find((one) => one.role === role)
      if (user === undefined) throw new Error(`the demonstration has no ${role}`)
      return user
    }
    const lead = await Nurse.signIn(url, access('lead').name, access('lead').password)
    const details = { label: 'Rose Cottage', phone: null, teamId: 'all', therapy: null, criticality: 'standard' }
    await lead.request('PUT', '/assignments/P-0001', { expectedVersion: 0, ...details, timeZone: null, plan: null })
    await lead.request('GET', '/assignments/P-0001/phone')
    await lead.request('PUT', '/teams/north', { name: 'North' })
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(60_000)
    await page.goto(url)
    await page.locator('input[name=name]').fill(access('admin').name)
    await page.locator('input[name=password]').fill(access('admin').password)
    await page.locator('button[type=submit]').click()
    await rows().first().waitFor()
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })

  const rows = () => page.getByTestId('audit-row')
  const violations = async (): Promise<readonly string[]> =>
    await page.evaluate<string[]>(`(async () => {
      const module = { exports: {} }
      ;(function (module, exports) { ${axe} })(module, module.exports)
      const axe = window.axe ?? module.exports
      const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      return result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html).join(' '))
    })()`)

  it('says who did what, newest first, and whether the chain holds; it names no patient', async () => {
    await page.locator('[data-testid="audit-chain"][data-state="holds"]').waitFor()
    const text = await page.locator('#content').innerText()
    expect(text).toContain('changed what a pump is used for')
    expect(text).toContain('P-0001')
    expect(text).not.toContain('Rose Cottage')
    expect(await page.getByTestId('audit-chain').innerText()).toMatch(/head of row \d+ copied/)
    expect(await page.locator('.admin-note').innerText()).toContain('no alarm is heard here')
    expect(await page.getByTestId('live-pill').count()).toBe(0)
  })

  it('is asked by person, act, id and what was refused; a person in a row is a filter', async () => {
    await page.getByTestId('audit-act').selectOption('assignment.set')
    await page.locator('[data-testid="audit-row"]:only-child').waitFor()
    expect(await rows().innerText()).toContain('j.lind')
    await page.getByRole('link', { name: 'Clear' }).click()
    // An answer that comes while somebody types takes nothing away.
    const held = Promise.withResolvers<void>()
    await page.route('**/api/v1/audit?*', async (route) => {
      await held.promise
      await route.continue()
    })
    await page.getByRole('link', { name: '24 h' }).click()
    await page.getByTestId('audit-object').fill('P-0001')
    const answered = page.waitForResponse('**/api/v1/audit?*')
    held.resolve()
    await (await answered).finished()
    await page.getByTestId('audit-object').press('Enter')
    await eventually(async () => (await rows().count()) === 2, { within: 60_000, what: 'the rows of one pump' })
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByTestId('audit-refused').check()
    await page.locator('[data-testid="audit-row"]:only-child .refused').waitFor()
    await rows().getByRole('link', { name: 'j.lind' }).click()
    expect(page.url()).toMatch(/actor=u-[\w-]+/)
    await page.getByRole('link', { name: 'Clear' }).click()
  })

  it('goes as CSV, and that is a row, too', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('audit-csv').click()])
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^seq,time,actor,action,outcome,object,/)
    await page.reload()
    await page.getByText('took this trail away', { exact: true }).last().waitFor()
  })

  it('lets a hub in by a code that is shown once, says its key in words, and locks it out after a second question', async () => {
    const hub = (state: string) => page.locator(`[data-testid="registered-hub"][data-state="${state}"]`)
    await page.goto(`${url}/#/registry`)
    await page.getByTestId('registry-add').click()
    const form = page.getByTestId('registry-add-form')
    await form.locator('input').fill('Lake House')
    await form.locator('button[type=submit]').click()
    const code = await page.getByTestId('registry-code').innerText()
    const claimId = await page.getByTestId('registry-claim').locator('dd').nth(1).innerText()
    expect(await violations()).toEqual([])
    const { keyId } = await enrolHub(url, claimId, code)
    const words = page.getByTestId('key-words')
    await words.waitFor()
    expect(await words.innerText()).toBe(keyWords(keyId))
    await page.getByRole('button', { name: 'They are the same' }).click()
    await hub('active').getByRole('button').click()
    const dialog = page.getByTestId('registry-hub')
    await dialog.locator('input').fill('Lake House 2')
    await dialog.getByRole('button', { name: 'Save name' }).click()
    await dialog.getByText('Saved.').waitFor()
    await dialog.getByTestId('registry-revoke').click()
    await dialog.getByText('Nothing more is taken from Lake House 2.').waitFor()
    expect(await violations()).toEqual([])
    await dialog.getByTestId('registry-revoke-now').click()
    await dialog.getByText('Revoked.').waitFor()
    await page.keyboard.press('Escape')
    await hub('revoked').getByText('Lake House 2').waitFor()
    for (const theme of ['dark', 'night', 'light']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
      expect(await violations()).toEqual([])
    }
    await page.goto(`${url}/#/audit`)
    await rows().filter({ hasText: 'revoked a hub' }).first().waitFor()
  })

  it('has nothing to complain of in any palette, on a desk and on a phone', async () => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 })
      for (const theme of ['light', 'dark', 'night']) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
        expect(await violations()).toEqual([])
      }
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
    expect(browser.complaints).toEqual([])
  })
})
