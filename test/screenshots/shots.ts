import type { Page } from 'playwright-core'
import type { Browser } from '#test/support/browser.ts'
import { Wall } from '../e2e/wall.ts'
import type { Demonstration } from './demonstration.ts'
import type { Newcomers } from './newcomers.ts'

export const palettes = ['light', 'dark', 'night'] as const
export const sizes = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  /** Half as large again, for a screen that hangs. */
  wallboard: { width: 1920, height: 1080 },
} as const
export type Palette = (typeof palettes)[number]
export type Size = keyof typeof sizes

/** What a shot may need besides its page. */
export interface Stage {
  readonly demo: Demonstration
  readonly browser: Browser
  readonly newcomers: () => Promise<Newcomers>
}

type Step = (page: Page, stage: Stage) => Promise<void>

export interface Shot {
  readonly name: string
  /** nobody: before anybody has signed in. */
  readonly role: 'nobody' | 'nurse' | 'lead' | 'engineer' | 'admin'
  readonly hash: string
  /** The question that this screen answers. */
  readonly answers: string
  /** What is on the screen when there is something to look at. */
  readonly ready: string
  readonly sizes?: readonly Size[]
  readonly before?: Step
  /** It was opened from the menu, which goes away with it. */
  readonly overMenu?: true
  readonly after?: Step
  /** Beside a fleet, which an engineer begins once all others are taken. */
  readonly fleet?: true
}

/** More than stand as tiles. Each pump begins within its first minute. */
export const fleet = { pumps: 1200, seed: 7, mix: 'volumetric', speed: 1 } as const

const presses =
  (press: string, then: string): Step =>
  async (page) => {
    await page.locator(press).first().click()
    await page.locator(then).first().waitFor()
  }

const fromMenu =
  (item: string, then: string): Step =>
  async (page, stage) => {
    await presses('[data-testid="user-menu"]', `[data-testid="${item}"]`)(page, stage)
    await presses(`[data-testid="${item}"]`, then)(page, stage)
  }

const showPassword = async (page: Page, who: { readonly name: string; readonly password: string }): Promise<void> => {
  const form = page.getByTestId('sign-in-form')
  await form.locator('input[name=name]').fill(who.name)
  await form.locator('input[name=password]').fill(who.password)
  await form.locator('button[type=submit]').click()
}

/** One picture for each question that a screen answers. */
export const shots: readonly Shot[] = [
  {
    name: 'wall',
    role: 'nurse',
    hash: '#/',
    answers: 'What needs somebody now?',
    ready: '[data-testid="alarm-row"]',
  },
  {
    name: 'alarm',
    role: 'nurse',
    hash: '#/',
    answers: 'What is known of this alarm, whom do I call, and what has been done?',
    ready: '[data-testid="alarm-row"]',
    before: async (page) => {
      await page
        .getByTestId('alarm-row')
        .first()
        .click({ position: { x: 160, y: 12 } })
      await page.getByTestId('alarm-panel').getByTestId('timeline').waitFor()
    },
    after: async (page) => {
      const panel = page.getByTestId('alarm-panel')
      await panel.locator('.panel-head button').click()
      await panel.waitFor({ state: 'detached' })
    },
  },
  {
    name: 'not-live',
    role: 'nurse',
    hash: '#/',
    answers: 'What does the wall say when it no longer knows?',
    ready: '[data-testid="alarm-row"]',
    before: async (page, { browser }) => {
      await browser.offline(true)
      await page.locator('.not-live-band').waitFor()
    },
    after: async (page, { browser }) => {
      await browser.offline(false)
      await page.locator('[data-testid="live-pill"][data-state="live"]').waitFor()
    },
  },
  {
    name: 'wallboard',
    role: 'nurse',
    hash: '#/',
    answers: 'What needs somebody now, read from four metres?',
    ready: '[data-testid="alarm-row"]',
    sizes: ['wallboard'],
  },
  {
    name: 'pump',
    role: 'nurse',
    hash: '#/pumps/P-0001',
    answers: 'What is happening at this pump, and what do I tell the patient?',
    ready: '.lane canvas',
  },
  {
    name: 'pumps',
    role: 'nurse',
    hash: '#/pumps',
    answers: 'Which pumps are there, and how are they?',
    ready: '[data-testid="roster-row"]',
  },
  {
    name: 'plan',
    role: 'nurse',
    hash: '#/plan',
    answers: 'What runs out first, and what became of the planned deliveries?',
    ready: '[data-testid="supply-row"]',
  },
  {
    name: 'hubs',
    role: 'nurse',
    hash: '#/hubs',
    answers: 'Which hubs are heard, and how late?',
    ready: '[data-testid="hub-row"]',
  },
  {
    name: 'hub',
    role: 'nurse',
    hash: '#/hubs',
    answers: 'What is the matter with this hub?',
    ready: '[data-testid="hub-row"]',
    before: presses('.hub-open', '[aria-expanded="true"]'),
    after: presses('.hub-open', '[aria-expanded="false"]'),
  },
  {
    name: 'duty',
    role: 'nobody',
    hash: '#/',
    answers: 'What am I here as?',
    ready: '[data-testid="sign-in-form"]',
    before: async (page, { demo }) => {
      await showPassword(page, demo.user('nurse'))
      await page.getByTestId('duty-looking').waitFor()
    },
  },
  {
    name: 'readiness',
    role: 'nurse',
    hash: '#/',
    answers: 'Would an alarm reach me?',
    ready: '[data-testid="alarm-row"]',
    before: async (page, stage) => {
      await fromMenu('open-readiness', '[data-testid="readiness"]')(page, stage)
      await page.getByTestId('duty-on-call').click()
      await page.locator('.ready-items').waitFor()
    },
    after: async (page) => {
      const looking = page.getByTestId('duty-looking')
      if (await looking.isVisible()) await looking.click()
    },
  },
  {
    name: 'sessions',
    role: 'nurse',
    overMenu: true,
    hash: '#/',
    answers: 'Where am I signed in?',
    ready: '[data-testid="alarm-row"]',
    before: fromMenu('open-sessions', '[data-testid="session"]'),
  },
  {
    name: 'factors',
    role: 'nurse',
    overMenu: true,
    hash: '#/',
    answers: 'How do I prove who I am?',
    ready: '[data-testid="alarm-row"]',
    before: async (page, stage) => {
      await fromMenu('open-factors', '[data-testid="totp-begin"]')(page, stage)
      await presses('[data-testid="totp-begin"]', '.qr-code')(page, stage)
    },
  },
  {
    name: 'sign-in',
    role: 'nobody',
    hash: '#/',
    answers: 'Who are you?',
    ready: '[data-testid="sign-in-form"]',
  },
  {
    name: 'second-step',
    role: 'nobody',
    hash: '#/',
    answers: 'Is it really you?',
    ready: '[data-testid="sign-in-form"]',
    before: async (page, { newcomers }) => {
      await showPassword(page, await newcomers())
      await page.getByTestId('second-code').waitFor()
    },
  },
  {
    name: 'invited',
    role: 'nobody',
    hash: '#/',
    answers: 'What does somebody see who follows an invitation?',
    ready: '[data-testid="sign-in-form"]',
    before: async (page, { newcomers }) => {
      await page.goto((await newcomers()).link)
      await page.getByTestId('invited-as').waitFor()
    },
  },
  {
    name: 'handover',
    role: 'lead',
    hash: '#/handover',
    answers: 'Who is on call, can they be reached, and what does the next one take over?',
    ready: '[data-testid="sheet"]',
  },
  {
    name: 'history',
    role: 'lead',
    hash: '#/history',
    answers: 'How many alarms were there, and what came of them?',
    ready: '[data-testid="numbers"]',
  },
  {
    name: 'people',
    role: 'admin',
    hash: '#/people',
    answers: 'Who may come in, and as what?',
    ready: '[data-testid="person"]',
  },
  {
    name: 'person',
    role: 'admin',
    hash: '#/people',
    answers: 'What may be changed of one person?',
    ready: '[data-testid="person"]',
    before: presses(
      '[data-testid="person"]:has-text("m.osei") button',
      '[data-testid="person-dialog"] [data-testid="session"]',
    ),
  },
  {
    name: 'registry',
    role: 'admin',
    hash: '#/registry',
    answers: 'Which hubs may come in, and by which key?',
    ready: '[data-testid="registered-hub"]',
  },
  {
    name: 'registry-hub',
    role: 'admin',
    hash: '#/registry',
    answers: 'What may be changed of one hub?',
    ready: '[data-testid="registered-hub"]',
    before: presses('[data-testid="registered-hub"] button', '[data-testid="registry-hub"]'),
  },
  {
    name: 'audit',
    role: 'admin',
    hash: '#/audit',
    answers: 'Who did what, and can the record be trusted?',
    ready: '[data-testid="audit-row"]',
  },
  {
    name: 'simulator',
    role: 'engineer',
    hash: '#/simulator',
    answers: 'What do the simulated pumps live through, and does the system hold?',
    ready: '[data-testid="invariant"]',
    before: async (page) => {
      const pump = page.locator('.sim-choose').first()
      // A phone has no room for driving.
      if (!(await pump.isVisible())) return
      await pump.click()
      await page.getByTestId('sim-story').waitFor()
    },
  },
  {
    name: 'fleet',
    role: 'nurse',
    hash: '#/',
    answers: 'What needs somebody now, among more than a thousand pumps?',
    ready: '[data-testid="alarm-row"]',
    fleet: true,
  },
]

export const sizesOf = (shot: Shot): readonly Size[] => shot.sizes ?? ['desk', 'phone']

/** Of a picture, without its folder. */
export const fileOf = (shot: Shot, palette: Palette, size: Size): string =>
  `${shot.name}-${palette}${size === 'phone' ? '-phone' : ''}.png`

export const signInAs = async (
  page: Page,
  demo: Demonstration,
  role: Exclude<Shot['role'], 'nobody'>,
): Promise<void> => {
  const { name, password } = demo.user(role)
  const wall = new Wall(page)
  if (role === 'admin') await wall.signInWithoutAlarms(demo.url, name, password)
  else if (role === 'engineer') await wall.signInWithoutDuty(demo.url, name, password)
  else await wall.signIn(demo.url, name, password)
}
