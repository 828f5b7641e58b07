import type { Page } from 'playwright-core'

export const palettes = ['light', 'dark', 'night'] as const
export const desk = { width: 1440, height: 900 } as const
export const phone = { width: 390, height: 844 } as const

export interface Shot {
  readonly name: string
  readonly role: 'nurse' | 'lead' | 'engineer' | 'admin'
  readonly hash: string
  /** What is on the screen when there is something to look at. */
  readonly ready: string
  readonly before?: (page: Page) => Promise<void>
  /** Beside a fleet, which an engineer begins once all others are taken. */
  readonly fleet?: true
}

/** More than stand as tiles. Each pump begins within its first minute. */
export const fleet = { pumps: 1200, seed: 7, mix: 'volumetric', speed: 1 } as const

/** One picture for each question that a screen answers. */
export const shots: readonly Shot[] = [
  { name: 'wall', role: 'nurse', hash: '#/', ready: '[data-testid="alarm-row"]' },
  {
    name: 'alarm',
    role: 'nurse',
    hash: '#/',
    ready: '[data-testid="alarm-row"]',
    before: async (page) => {
      await page.getByTestId('alarm-row').first().focus()
      await page.keyboard.press('Enter')
      await page.getByTestId('alarm-panel').waitFor()
    },
  },
  { name: 'pumps', role: 'nurse', hash: '#/pumps', ready: '[data-testid="roster-row"]' },
  { name: 'hubs', role: 'nurse', hash: '#/hubs', ready: '[data-testid="hub-row"]' },
  { name: 'pump', role: 'nurse', hash: '#/pumps/P-0001', ready: '.lane canvas' },
  { name: 'handover', role: 'lead', hash: '#/handover', ready: '.sheet' },
  { name: 'history', role: 'lead', hash: '#/history', ready: '[data-testid="numbers"]' },
  {
    name: 'simulator',
    role: 'engineer',
    hash: '#/simulator',
    ready: '[data-testid="invariant"]',
    before: async (page) => {
      const pump = page.locator('.sim-choose').first()
      // A phone has no room for driving.
      if (!(await pump.isVisible())) return
      await pump.click()
      await page.getByTestId('sim-story').waitFor()
    },
  },
  { name: 'audit', role: 'admin', hash: '#/audit', ready: '[data-testid="audit-row"]' },
  { name: 'registry', role: 'admin', hash: '#/registry', ready: '[data-testid="registered-hub"]' },
  { name: 'people', role: 'admin', hash: '#/people', ready: '[data-testid="person"]' },
  { name: 'fleet', role: 'nurse', hash: '#/', ready: '[data-testid="alarm-row"]', fleet: true },
]
