import type { Page } from 'playwright-core'
import { alarmOf } from '#test/support/live-fixtures.ts'
import { accountScreens } from './account-screens.ts'
import { adminScreens } from './admin-screens.ts'
import { widths } from './formats.ts'
import { pumpAt, states } from './pictures.ts'
import { desks, on, shows, through, withAlarms } from './screen-under-test.ts'
import type { ScreenUnderTest } from './screen-under-test.ts'

const rows = '[data-testid="alarm-row"]'

/** Goes down the queue until one is there: rows far from the window are short, and have nothing to press. */
const reach = async (page: Page, selector: string): Promise<void> => {
  await page.locator(rows).first().waitFor()
  for (const row of await page.locator(rows).all()) {
    if ((await page.locator(selector).count()) > 0) return
    await row.scrollIntoViewIfNeeded()
    await row.locator('.row-actions').waitFor()
  }
}

/** The menu of the first row for which `item` can be pressed, then that. */
const menuItem = (priority: string, item: string, then: string) => async (page: Page) => {
  const selector = `${rows}[data-priority="${priority}"]:has(${item})`
  await reach(page, selector)
  const row = page.locator(selector).first()
  await row.locator('.row-menu > summary').click()
  await row.locator(`.row-menu ${item}`).click()
  await page.locator(then).waitFor()
}

const overRows = (priority: string, item: string, then: string) => ({
  hash: '#/',
  states: withAlarms,
  widths: desks,
  open: menuItem(priority, item, then),
})

const readiness = async (page: Page): Promise<void> => {
  // A phone has one chip for all of it.
  await page.locator('[data-testid="sound-chip"]:visible, [data-testid="ready-merged"]:visible').click()
  await page.getByTestId('readiness').waitFor()
}

/** Every screen, every dialog, and every list that opens over one. */
export const screens: readonly ScreenUnderTest[] = [
  { name: 'wall', hash: '#/', states, widths, open: shows(`${rows}, [data-testid="empty-queue"]`) },
  {
    name: 'wall-panel',
    hash: '#/',
    states: withAlarms,
    widths,
    open: async (page) => {
      await page.locator(rows).first().focus()
      await page.keyboard.press('Enter')
      await page.getByTestId('alarm-panel').getByTestId('timeline').waitFor()
    },
  },
  {
    name: 'wall-row-menu',
    hash: '#/',
    states: withAlarms,
    widths: desks,
    open: through(`${rows} .row-menu > summary`, '.row-menu[open] .menu-panel'),
  },
  {
    name: 'wall-choosing',
    hash: '#/',
    states: ['normal', 'not-live'],
    widths: desks,
    open: async (page) => {
      await menuItem('low', '[data-testid="choose-several"]', '[data-testid="selection"]')(page)
      // Anywhere between, a row may stand half under the bar of the choice.
      await page.evaluate('scrollTo(0, 0), null')
    },
  },
  { name: 'cant-take', ...overRows('high', '.btn:nth-child(2)', '[data-testid="cant-take-form"]') },
  { name: 'escalate', ...overRows('high', '[data-testid="escalate"]', '[data-testid="escalate-form"]') },
  {
    name: 'hand-over',
    ...overRows('medium', '[data-testid="hand-over"]', '[data-testid="hand-over-form"]'),
    states: ['normal', 'not-live'],
  },
  {
    name: 'take-back',
    role: 'lead',
    ...overRows('high', '[data-testid="take-from"]', '[data-testid="cant-take-form"]'),
  },
  {
    name: 'shelve',
    role: 'lead',
    ...overRows('low', '[data-testid="shelve"]', '[data-testid="shelve-form"]'),
    states: ['normal', 'not-live'],
  },
  { name: 'note', ...overRows('high', '[data-testid="note"]', '[data-testid="note-form"]') },
  {
    name: 'close-out',
    hash: '#/',
    states: ['normal', 'not-live'],
    widths: desks,
    open: async (page) => {
      await reach(page, '[data-testid="close-out"]')
      await page.locator('[data-testid="close-out"]').first().click()
      await page.getByTestId('close-out-form').waitFor()
    },
  },
  {
    name: 'pause-sound',
    hash: '#/',
    states: withAlarms,
    widths: desks,
    open: through('[data-testid="pause-sound"]', '[data-testid="sound-paused"]'),
  },
  {
    name: 'phone-high-sheet',
    hash: '#/',
    states,
    widths: ['390'],
    open: async (page, server) => {
      await page.locator(`${rows}, [data-testid="empty-queue"]`).first().waitFor()
      const now = Date.now()
      server.show(alarmOf('just-now', { pumpId: pumpAt(1), startedAt: now, observedAt: now }))
      await page.getByTestId('high-sheet').waitFor()
    },
  },
  {
    name: 'on-call-menu',
    ...on('#/', rows),
    widths: ['1024', '1440'],
    open: through('[data-testid="on-call"]', '.duty-menu[open]'),
  },
  { name: 'user-menu', ...on('#/', rows), open: through('[data-testid="user-menu"]', '.user-menu[open]') },
  { name: 'pump', ...on(`#/pumps/${pumpAt(5)}`, '.lane canvas, [data-testid="chart-empty"]') },
  {
    name: 'pump-table',
    ...on(`#/pumps/${pumpAt(5)}`, ''),
    states: withAlarms,
    open: async (page) => {
      await page.getByTestId('chart-figure').focus()
      await page.keyboard.press('t')
      await page.locator('.chart-table').waitFor()
    },
  },
  {
    name: 'pump-call',
    ...on(`#/pumps/${pumpAt(5)}`, ''),
    states: withAlarms,
    open: through('[data-testid="call-patient"]', '[data-testid="call-dialog"]'),
  },
  { name: 'pump-two-channels', ...on(`#/pumps/${pumpAt(4)}`, '[data-testid="pump-channel"]') },
  { name: 'roster', ...on('#/pumps', '[data-testid="roster-row"], [data-testid="roster-empty"]') },
  {
    name: 'roster-supply',
    ...on('#/pumps?view=supply', '[data-testid="roster-row"], [data-testid="roster-empty"]'),
  },
  { name: 'plan', ...on('#/plan', '[data-testid="supply-row"], [data-testid="supply-empty"]') },
  {
    name: 'plan-week',
    role: 'lead',
    ...on('#/plan?view=week', '[data-testid="week-row"], [data-testid="week-summary"]'),
  },
  {
    name: 'plan-week-open',
    role: 'lead',
    isStep: true,
    ...on('#/plan?view=week', ''),
    states: ['normal', 'not-live'],
    open: through('.week-open', '[data-testid="kept-run"]'),
  },
  { name: 'hubs', ...on('#/hubs', '[data-testid="hub-row"]') },
  {
    name: 'hub-open',
    ...on('#/hubs', ''),
    open: through('.hub-open', '[aria-expanded="true"]'),
  },
  { name: 'hand-over-sheet', ...on('#/handover', '[data-testid="sheet"]') },
  {
    name: 'hand-over-decline',
    ...on('#/handover', ''),
    states: ['normal', 'not-live'],
    open: async (page) => {
      await page.getByTestId('sheet').waitFor()
      // On a phone the sheet is a stepper.
      while (!(await page.getByTestId('decline').isVisible())) await page.locator('.stepper .btn').last().click()
      await page.getByTestId('decline').click()
      await page.getByTestId('decline-form').waitFor()
    },
  },
  { name: 'history', role: 'lead', ...on('#/history', '[data-testid="numbers"]') },
  {
    name: 'history-episodes',
    role: 'lead',
    ...on('#/history?view=episodes&range=24h&simulated=true', '[data-testid="episode"], .empty'),
  },
  {
    name: 'history-episode',
    role: 'lead',
    ...on('#/history?view=episodes&range=24h&simulated=true&episode=new-high', '[data-testid="timeline"]'),
    states: ['normal', 'not-live'],
  },
  {
    name: 'history-replay',
    role: 'lead',
    ...on('#/history?view=replay&at=1795660867000', '[data-testid="replay-band"]'),
  },
  { name: 'simulator', role: 'engineer', ...on('#/simulator', '[data-testid="virtual-time"], .empty') },
  {
    name: 'simulator-drive',
    role: 'engineer',
    ...on('#/simulator', ''),
    states: withAlarms,
    // On a phone pumps are not driven.
    widths: ['1024', '1440'],
    open: through('.sim-choose', '[data-testid="sim-act"]'),
  },
  { name: 'duty', ...on('#/', ''), open: readiness },
  {
    name: 'readiness',
    ...on('#/', ''),
    open: async (page) => {
      await readiness(page)
      await page.getByTestId('duty-on-call').click()
      await page.locator('.ready-items').waitFor()
    },
  },
  {
    name: 'help',
    ...on('#/', ''),
    open: async (page) => {
      await page.keyboard.press('?')
      await page.locator('dialog[open] dt').first().waitFor()
    },
  },
  {
    name: 'session-over',
    ...on('#/', ''),
    states: ['normal'],
    open: async (page, server) => {
      server.endSession()
      await page.getByTestId('not-monitoring').waitFor()
    },
  },
  ...accountScreens,
  ...adminScreens,
]
