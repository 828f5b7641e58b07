import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HubId, PumpId } from '#domain/ids.ts'
import { LedgerTerms, type HubLedger, type LedgerHour } from '#domain/live/ledger.ts'
import { Browser } from '#test/support/browser.ts'
import { FakeLiveServer } from '#test/support/fake-live-server.ts'
import { hubOf, pumpOf } from '#test/support/live-fixtures.ts'

// The ledger of records on the hubs' page, as a lead sees it.

const dist = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const hourMs = 3_600_000
const hubId = HubId.parse('hub-1')
const pumps = ['P-0421', 'P-1187'].map((id) => PumpId.parse(id))

const hour = (at: number, change: Partial<LedgerTerms> = {}): LedgerHour => {
  const { unaccounted = 0, waiting = 0, thinned = 0, refused = 0 } = change
  const stored = 7_260 - unaccounted - waiting - thinned - refused
  return {
    at,
    produced: 7_260,
    stored,
    unaccounted,
    waiting,
    thinned,
    refused,
    pumps: pumps.map((pumpId) => ({
      pumpId,
      stored: Math.floor(stored / 2) - 30,
      late: waiting > 0 ? 400 : 0,
      thinned,
      unaccountedAtMost: unaccounted,
    })),
  }
}

const ledgerOf = (hours: number, change: (at: number) => Partial<LedgerTerms> | null): HubLedger => {
  const now = Date.now()
  const to = (Math.floor(now / hourMs) + 1) * hourMs
  const from = to - hours * hourMs
  const told = Array.from({ length: hours }, (_, at) => ({ at, terms: change(at) })).flatMap(({ at, terms }) =>
    terms === null ? [] : [hour(from + at * hourMs, terms)],
  )
  const total = LedgerTerms.parse(
    Object.fromEntries(
      LedgerTerms.keyof().options.map((term) => [term, told.reduce((sum, one) => sum + one[term], 0)]),
    ),
  )
  return { hubId, from, to, heardAt: now - 8_000, hours: told, total, serverTime: now }
}

/** A night in which the line was bad: room ran out, a few records are lost, the last hours come in. */
const night = (at: number): Partial<LedgerTerms> | null => {
  if (at < 3) return null
  if (at === 9) return { unaccounted: 12 }
  if (at === 10) return { unaccounted: 3, thinned: 4_100 }
  if (at === 11) return { thinned: 6_400, refused: 2 }
  return at >= 21 ? { waiting: 2_000 } : {}
}

describe('the ledger of records', () => {
  let browser: Browser
  let server: FakeLiveServer
  let page: Page

  beforeAll(async () => {
    const now = Date.now()
    server = await FakeLiveServer.start(dist, {
      pumps: pumps.map((pumpId) => pumpOf(pumpId, { sampledAt: now, receivedAt: now })),
      hubs: [hubOf('hub-1', { lastHeardAt: now, pumpIds: pumps })],
      alarms: [],
      closed: [],
    })
    server.role = 'lead'
    server.answers.set('GET /hubs/hub-1/log', () => ({ entries: [], serverTime: Date.now() }))
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(60_000)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  const open = async (answer: (hours: number) => unknown): Promise<void> => {
    server.answers.set('GET /hubs/hub-1/ledger', ({ hours }) => answer(Number(hours)))
    await page.goto(`${server.url}/#/hubs`)
    await page.reload()
    await page.locator('.hub-open').click()
    await page.getByTestId('hub-ledger').waitFor()
  }
  const sum = () => page.getByTestId('ledger-sum')
  const looksRight = async (): Promise<void> => {
    for (const width of [1440, 390])
      for (const theme of ['light', 'dark', 'night']) {
        await page.setViewportSize({ width, height: 900 })
        await page.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(theme)}`)
        const shots = process.env['LEDGER_SHOTS']
        if (shots !== undefined)
          await page.getByTestId('hub-ledger').screenshot({ path: join(shots, `${width}-${theme}.png`) })
        expect(
          await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
          `${width}`,
        ).toBeLessThanOrEqual(0)
        const violations = await page.evaluate<string[]>(`(async () => {
          const module = { exports: {} }
          ;(function (module, exports) { ${axe} })(module, module.exports)
          const axe = window.axe ?? module.exports
          const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          return result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html).join(' '))
        })()`)
        expect(violations, `${width} ${theme}`).toEqual([])
      }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.evaluate(`document.documentElement.dataset.theme = 'light'`)
  }

  it('says how many records are missing, what that means, and of which hours and pumps; no label', async () => {
    await open((hours) => ledgerOf(hours, (at) => night(at - hours + 24)))
    await sum().getByText('15 of 152,460 records are missing.').waitFor()
    const said = await page.getByTestId('hub-ledger').innerText()
    for (const words of [
      'The history has gaps',
      '6,000 may still wait',
      '10,500 were joined or dropped',
      '2 were refused',
    ])
      expect(said).toContain(words)
    expect(await page.getByTestId('ledger-hour').count()).toBe(6)
    expect(await page.locator('[data-testid="ledger-hour"]:not([data-missing="0"])').count()).toBe(2)
    expect(await page.locator('[data-testid="ledger-pump"][data-pump="P-0421"]').innerText()).toContain('15')
    await page.getByTestId('hub-ledger').getByRole('img', { name: 'The last 24 hours: 15 of 24 hours' }).waitFor()
    await looksRight()
    await page.getByTestId('hub-ledger').getByRole('button', { name: '7 d' }).click()
    await page
      .getByTestId('hub-ledger')
      .getByRole('img', { name: /The last 168 hours/ })
      .waitFor()
  })

  it('says that all are here, that none was numbered, and that it could not ask', async () => {
    await open((hours) => ledgerOf(hours, () => ({})))
    await sum().getByText('Yes: all 174,240 records that the hub numbered are here.').waitFor()
    expect(await page.getByTestId('ledger-hour').count()).toBe(0)
    await open((hours) => ledgerOf(hours, () => null))
    await page.getByTestId('hub-ledger').getByText('numbered no record in this time').waitFor()
    await open(() => 503)
    await page.getByTestId('hub-ledger').getByRole('alert').waitFor()
    server.answers.set('GET /hubs/hub-1/ledger', () => ledgerOf(24, () => ({})))
    await page.getByTestId('hub-ledger').getByRole('button', { name: 'Ask again' }).click()
    await sum().waitFor()
    expect(await page.getByTestId('hub-ledger').getByRole('alert').count()).toBe(0)
  })

  it('is not offered to a nurse', async () => {
    server.role = 'nurse'
    await page.reload()
    await page.locator('.hub-open').click()
    await page.getByTestId('hub-log').waitFor()
    expect(await page.getByTestId('hub-ledger').count()).toBe(0)
  })
})
