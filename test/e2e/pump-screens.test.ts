import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import type { Roster, RosterQuery } from '#domain/live/roster.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { FakeLiveServer, quietHistory } from '#test/support/fake-live-server.ts'
import { alarmOf, hubOf, pumpOf, sampleOf } from '#test/support/live-fixtures.ts'
import { System } from '#test/support/system.ts'
import { longDrug } from '../accessibility/pictures.ts'
import { Wall } from './wall.ts'

// The list of pumps and a pump's page: first over real pumps, hub and server, then over a scripted picture in states that the
// whole system reaches only by luck or by thousands.

const dist = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const patient = { within: 60_000 }

const violations = async (page: Page): Promise<readonly string[]> => {
  // as debuggers do: the page's own policy allows no foreign script
  await page.evaluate(axe)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found = await page.evaluate<string>(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', '))))`,
  )
  return JSON.parse(found) as string[]
}

describe('list and page of pumps over the whole system', () => {
  let system: System
  let browser: Browser
  let page: Page
  const rows = () => page.getByTestId('roster-row')
  const pumps = async (): Promise<readonly (string | null)[]> =>
    await rows().evaluateAll((all) => all.map((row) => row.getAttribute('data-pump')))

  beforeAll(async () => {
    system = await System.start()
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(30_000)
    const lead = await system.signIn('lead')
    const details = { therapy: 'pain', criticality: 'critical', timeZone: 'Europe/Lisbon', plan: null, teamId: 'all' }
    for (const [pumpId, label, phone] of [
      ['SIM-0001', 'North 12', '+49 30 555 0134'],
      ['SIM-0002', 'North 21', null],
    ])
      await eventuallyPasses(async () => {
        const body = { ...details, label, phone, expectedVersion: 0 }
        expect((await lead.request('PUT', `/assignments/${pumpId}`, body)).status).toBe(200)
      }, patient)
    const { name, password } = system.password('nurse')
    await new Wall(page).signIn(system.url, name, password)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await system?.[Symbol.asyncDispose]()
  })

  it('lists every pump with two identifiers, notes labels that are alike, and finds one without a word in the address', async () => {
    await page.goto(`${system.url}/#/pumps`)
    await eventuallyPasses(async () => expect(await rows().count()).toBe(6), patient)
    const first = page.locator('[data-testid="roster-row"][data-pump="SIM-0001"]')
    expect(await first.innerText()).toMatch(/North 12\s+SIM-0001/)
    expect(await first.getByTestId('similar').innerText()).toBe('Similar name: North 21')
    await page.getByRole('searchbox').fill('north 21')
    await eventuallyPasses(async () => expect(await pumps()).toEqual(['SIM-0002']))
    expect(page.url()).not.toMatch(/north/i)
    await page.getByRole('searchbox').fill('nothing of that name')
    await page.getByTestId('roster-empty').getByRole('button').click()
    await eventuallyPasses(async () => expect(await rows().count()).toBe(6))
  })

  it('keeps view and order in the address, and the server sorts', async () => {
    await page.getByRole('columnheader', { name: 'Rate' }).getByRole('button').click()
    await eventually(() => page.url().endsWith('#/pumps?sort=rate'))
    await page.getByRole('columnheader', { name: 'Rate' }).getByRole('button').click()
    await eventually(() => page.url().endsWith('#/pumps?sort=rate&desc=1'))
    await page.getByRole('link', { name: 'Not heard 1 h' }).click()
    await page.getByTestId('roster-empty').waitFor()
    expect(page.url()).toContain('view=unheard')
    await page.getByRole('link', { name: 'All', exact: true }).click()
    await eventuallyPasses(async () => expect(await rows().count()).toBe(6))
  })

  it('is walked by keys alone, and Enter opens the pump', async () => {
    const grid = page.getByTestId('roster-grid')
    await grid.locator('[data-cell="0 0"] a').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await eventuallyPasses(async () =>
      expect(await page.evaluate<string>(`document.activeElement.dataset.cell`)).toMatch(/^1 [1-9]/),
    )
    const second = (await pumps())[1]
    await page.keyboard.press('Enter')
    await eventually(() => page.url().endsWith(`#/pumps/${second}`))
  })

  it('shows on a pump’s page whose it is, whom to call, how whole its day is and how long a reading travels', async () => {
    await page.goto(`${system.url}/#/pumps/SIM-0001`)
    const identity = page.getByTestId('pump-identity')
    await eventuallyPasses(async () => expect(await identity.innerText()).toContain('pain therapy'), patient)
    expect(await identity.innerText()).toMatch(/North 12[\s\S]*Pump SIM-0001[\s\S]*View only/)
    await page.getByTestId('call-patient').first().click()
    await page.getByTestId('call-dialog').getByRole('link', { name: '+49 30 555 0134' }).waitFor()
    await page.keyboard.press('Escape')
    await eventuallyPasses(
      async () => expect(await page.getByTestId('completeness').innerText()).toMatch(/% of the last 24 h/),
      patient,
    )
    await eventuallyPasses(
      async () =>
        expect(await page.getByTestId('delay-chain').innerText()).toMatch(
          /Server\s+\+\d+\.\d\s+s\s+This screen\s+\+\d/,
        ),
      patient,
    )
  })

  it('draws real readings, leaves live by a drag, reads values by keys, and exports what it shows', async () => {
    const figure = page.getByTestId('chart-figure')
    await eventuallyPasses(async () => expect(await figure.locator('canvas').count()).toBe(3), patient)
    await eventuallyPasses(async () => {
      await figure.focus()
      await page.keyboard.press('ArrowLeft')
      expect(await page.getByTestId('chart-spoken').textContent()).toMatch(/\d\d:\d\d:\d\d, Rate \d/)
    }, patient)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const csv = await download
    expect(csv.suggestedFilename()).toMatch(/^SIM-0001_\d{8}T\d{4}Z_\d{8}T\d{4}Z\.csv$/)
    const text = readFileSync(await csv.path(), 'utf8')
    expect(text).toContain('# data as of=20')
    expect(text).toMatch(/\r\n20\d\d-[^,]+Z,,\d/)
    expect(text).not.toContain('North 12')
    const whole = page.waitForEvent('download')
    await page.getByTestId('all-samples').click()
    const samples = await whole
    expect(samples.suggestedFilename()).toMatch(/^SIM-0001_\d{8}T\d{4}Z_\d{8}T\d{4}Z\.csv$/)
    const all = readFileSync(await samples.path(), 'utf8')
    expect(all).toContain('pump=SIM-0001')
    expect(all.match(/^reading,20\d\d-[^,]+Z,,infusing,1,0,\d/gmu)?.length).toBeGreaterThan(1)
    expect(all).not.toContain('North 12')

    const over = await figure.locator('.u-over').first().boundingBox()
    if (over === null) throw new Error('no chart')
    await page.mouse.move(over.x + over.width * 0.5, over.y + 30)
    await page.mouse.down()
    await page.mouse.move(over.x + over.width * 0.9, over.y + 30, { steps: 5 })
    await page.mouse.up()
    await page.getByTestId('chart-fixed').waitFor()
    await page.getByTestId('chart-fixed').getByRole('button', { name: 'Back to live' }).click()
    await page.getByTestId('chart-fixed').waitFor({ state: 'detached' })
  })

  it('shows an engineer no label, no use and no number', async () => {
    const second = await Browser.open()
    try {
      const other = await second.page()
      other.setDefaultTimeout(30_000)
      const { name, password } = system.password('engineer')
      await new Wall(other).signInWithoutDuty(system.url, name, password)
      await other.goto(`${system.url}/#/pumps`)
      await eventuallyPasses(async () => expect(await other.getByTestId('roster-row').count()).toBe(6), patient)
      expect(await other.getByTestId('roster-grid').innerText()).not.toContain('North')
      await other.goto(`${system.url}/#/pumps/SIM-0001`)
      await other.getByTestId('pump-identity').waitFor()
      expect(await other.getByTestId('pump-identity').innerText()).not.toMatch(/North|pain/)
      expect(await other.getByTestId('call-patient').count()).toBe(0)
    } finally {
      await second[Symbol.asyncDispose]()
    }
  })
})

const now = Date.now()
const thousands = 5000
const listed = (asked: RosterQuery): Roster => ({
  rows: Array.from({ length: Math.max(0, Math.min(asked.limit, thousands - asked.offset)) }, (_, at) => {
    const number = asked.offset + at
    return {
      pump: pumpOf(`P-${number}`, {
        label: `Home ${number}`,
        sampledAt: number % 7 === 3 ? now - 400_000 : Date.now(),
        receivedAt: Date.now(),
        sample: sampleOf(number % 4 === 1 ? { drugLabel: longDrug } : {}),
      }),
      channelId: null,
      hubName: 'H-031',
      use: null,
      endsAt: now + 3_600_000,
      batteryUntil: null,
      adherence: null,
      useVersion: 1,
      alike: [],
    }
  }),
  offset: asked.offset,
  matched: thousands,
  total: thousands,
  untold: asked.filter === 'all' ? 0 : 12,
  until: null,
  teams: [],
  serverTime: Date.now(),
})

describe('list and page of pumps in rare states', () => {
  let browser: Browser
  let server: FakeLiveServer
  let page: Page

  beforeAll(async () => {
    server = await FakeLiveServer.start(dist, {
      pumps: [
        pumpOf('P-0421', {
          label: 'K-318',
          criticality: 'critical',
          sampledAt: now,
          receivedAt: now,
          statusIntervalMs: 10_000,
        }),
      ],
      hubs: [hubOf('hub-1', { lastHeardAt: now, pumpIds: [PumpId.parse('P-0421')] })],
      alarms: [alarmOf('high', { criticality: 'critical', startedAt: now - 48_000, observedAt: now - 48_000 })],
      closed: [
        alarmOf('past', {
          condition: 'closed',
          response: 'closed',
          startedAt: now - 20 * 3_600_000,
          observedAt: now - 20 * 3_600_000,
          endedAt: now - 19.9 * 3_600_000,
        }),
      ],
    })
    server.roster = listed
    server.history = (pumpId, from, to) => {
      const whole = quietHistory(PumpId.parse(pumpId), from, to)
      // half an hour without a reading
      return { ...whole, buckets: whole.buckets.filter(({ from: at }) => at < now - 2_400_000 || at > now - 600_000) }
    }
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  it('holds a window of 5,000 lines, fetches what is scrolled to, and hatches what is not heard', async () => {
    await page.goto(`${server.url}/#/pumps`)
    await eventuallyPasses(async () => expect(await page.getByTestId('roster-row').count()).toBeGreaterThan(10))
    expect(await page.getByTestId('roster-row').count()).toBeLessThan(60)
    expect(await page.locator('[data-pump="P-3"]').getAttribute('class')).toContain('hatch')
    expect(await page.locator('[data-pump="P-3"]').innerText()).toContain('last 2.0')
    await page.locator('[data-cell="0 0"] a').focus()
    await page.keyboard.press('Control+End')
    await page.locator('[data-pump="P-4999"]').waitFor()
    expect(server.asked.some(({ offset }) => offset === 4900)).toBe(true)
    expect(await page.evaluate<string>(`document.activeElement.dataset.cell`)).toMatch(/^4999 /)
    // A row is as high as its drug line needs, also one that was never there before; none lies over another or ends under the edge.
    const boxes = async () =>
      JSON.parse(
        await page.evaluate<string>(`(() => {
          const rows = [...document.querySelectorAll('[data-testid="roster-row"]')].map((row) => {
            const { top, bottom } = row.getBoundingClientRect()
            return { pump: row.dataset.pump, top, bottom, cut: [...row.children].some((cell) => cell.scrollHeight > cell.clientHeight) }
          })
          const { bottom } = document.querySelector('.roster-scroll').getBoundingClientRect()
          return JSON.stringify({ rows: rows.filter((row) => row.pump !== 'P-0'), bottom })
        })()`),
      ) as { rows: { pump: string; top: number; bottom: number; cut: boolean }[]; bottom: number }
    await eventuallyPasses(async () => {
      const { rows, bottom } = await boxes()
      expect(rows.filter(({ cut }) => cut)).toEqual([])
      rows.forEach(({ top }, at) => at > 0 && expect(top).toBeCloseTo(rows[at - 1]?.bottom ?? 0, 0))
      expect(new Set(rows.map((row) => Math.round(row.bottom - row.top))).size).toBeGreaterThan(1)
      expect(rows.at(-1)?.bottom).toBeLessThanOrEqual(bottom)
    }, patient)
    await page.keyboard.press('Control+Home')
    await eventuallyPasses(async () =>
      expect(await page.evaluate<string>(`document.activeElement.getAttribute('href')`)).toBe('#/pumps/P-0'),
    )
  })

  it('says how many pumps do not tell what the view asks for, and keeps the last result when the list is gone', async () => {
    await page.goto(`${server.url}/#/pumps?view=battery`)
    await page.getByTestId('roster-untold').waitFor()
    expect(await page.getByTestId('roster-untold').innerText()).toContain('12 pumps on battery do not say')
    server.roster = null
    await page.getByRole('button', { name: 'Sort anew' }).click()
    await page.getByTestId('roster-kept').waitFor()
    expect(await page.getByTestId('roster-kept').innerText()).toMatch(/The result of \d\d:\d\d:\d\d is kept/)
    expect(await page.getByTestId('roster-row').count()).toBeGreaterThan(10)
    server.roster = listed
    await page.getByTestId('roster-kept').getByRole('button').click()
    await page.getByTestId('roster-kept').waitFor({ state: 'detached' })
  })

  it('goes to an alarm before what is shown, fixed there, and back by the key 0', async () => {
    await page.goto(`${server.url}/#/pumps/P-0421`)
    const figure = page.getByTestId('chart-figure')
    await eventuallyPasses(async () => expect(await figure.locator('canvas').count()).toBe(3))
    await figure.focus()
    await page.keyboard.press('[')
    await page.keyboard.press('[')
    await page.getByTestId('chart-fixed').waitFor()
    await figure.waitFor()
    await figure.focus()
    await page.keyboard.press('0')
    await page.getByTestId('chart-fixed').waitFor({ state: 'detached' })
  })

  it('W35: the table has a row for the gap, and no reading inside it', async () => {
    await page.getByTestId('chart-figure').waitFor()
    await page.getByTestId('chart-figure').focus()
    await page.keyboard.press('t')
    const gap = page.getByTestId('gap-row').filter({ hasText: /No data for \d\d\smin/ })
    await eventuallyPasses(async () => expect(await gap.count()).toBe(1))
    expect(await page.locator('.chart-table tbody tr').count()).toBeLessThanOrEqual(60)
    await page.getByRole('button', { name: 'Table' }).click()
  })

  it('is moved by a finger and leaves up and down to the page', async () => {
    await page.getByTestId('chart-figure').locator('.u-over').first().waitFor()
    const touchAction = `getComputedStyle(document.querySelector('.chart-figure .u-over')).touchAction`
    expect(await page.evaluate(touchAction)).toBe('pan-y')
    await page.evaluate(`(() => {
      const over = document.querySelector('.chart-figure .u-over')
      const at = (type, x) => over.dispatchEvent(new PointerEvent(type, { pointerId: 7, pointerType: 'touch', clientX: x, bubbles: true }))
      at('pointerdown', 600); at('pointermove', 640); at('pointermove', 720); at('pointerup', 720)
    })()`)
    await page.getByTestId('chart-fixed').waitFor()
    await page.getByTestId('chart-fixed').getByRole('button').click()
    await page.getByTestId('chart-fixed').waitFor({ state: 'detached' })
  })

  it('is printed as ink on white, with its time and nothing to press', async () => {
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.printed-at').innerText()).toMatch(/data as of \d+ \w+ \d{4}\s\d\d:\d\d:\d\d/)
    for (const part of ['.rail', '.status-bar', '.row-actions', '.chart-acts'])
      expect(await page.locator(part).first().isVisible(), part).toBe(false)
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.strip')).backgroundColor`)).toBe(
      'rgb(255, 255, 255)',
    )
    await page.emulateMedia({ media: null })
  })

  it('keeps the alarm in view while one scrolls, on a desk and on a phone', async () => {
    for (const [width, height] of [
      [1440, 700],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight / 2)')
      const box = await page.getByTestId('pump-strip').boundingBox()
      expect(box?.y, `${width} px`).toBeGreaterThanOrEqual(0)
      expect((box?.y ?? 0) + (box?.height ?? 0), `${width} px`).toBeLessThan(height / 2)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('says "touch nothing, call first" for a critical therapy', async () => {
    expect(await page.getByTestId('first-checks').innerText()).toContain('Touch nothing, call first.')
  })

  it('says that history is unavailable while live values stay', async () => {
    server.history = () => {
      throw new Error('the store is down')
    }
    await page.getByRole('button', { name: '24 h' }).click()
    await page.getByText('History unavailable. Live values above stay.').waitFor()
    expect(await page.locator('.values').innerText()).toContain('mL/h')
  })

  it.each([
    ['light', 1440],
    ['night', 390],
  ] as const)('breaks no accessibility rule: %s, %d px', async (theme, width) => {
    server.history = (pumpId, from, to) => quietHistory(PumpId.parse(pumpId), from, to)
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate(`localStorage.setItem('theme', '${theme}')`)
    for (const hash of ['#/pumps', '#/pumps/P-0421']) {
      await page.goto(`${server.url}/${hash}`)
      await page.reload()
      await page.getByTestId('roster-row').or(page.locator('canvas')).first().waitFor()
      expect(await violations(page)).toEqual([])
    }
    expect(browser.complaints.filter((complaint) => complaint.includes('CSP'))).toEqual([])
  })
})
