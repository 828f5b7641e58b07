import type { Page } from 'playwright-core'
import { on, through, withoutLink } from './screen-under-test.ts'
import type { ScreenUnderTest } from './screen-under-test.ts'

// What administrators see: hubs, people, the trail of who did what.

const admin = (
  hash: string,
  ...path: readonly string[]
): Pick<ScreenUnderTest, 'role' | 'hash' | 'states' | 'widths' | 'open'> => ({
  ...on(hash, ''),
  role: 'admin',
  states: withoutLink,
  open: through(...path),
})

const filled =
  (path: readonly string[], field: string, text: string, then: readonly string[]) =>
  async (page: Page): Promise<void> => {
    await through(...path, field)(page)
    await page.fill(field, text)
    await through(...then)(page)
  }

const registry = '[data-testid="registered-hub"], [data-testid="admin-empty"]'
const people = '[data-testid="person"]'

export const adminScreens: readonly ScreenUnderTest[] = [
  { name: 'audit', ...admin('#/audit', '[data-testid="audit-row"], [data-testid="admin-empty"]') },
  {
    name: 'audit-broken',
    isStep: true,
    ...admin('#/audit?range=all&outcome=refused', '[data-testid="audit-chain"][data-state="broken"]'),
    states: ['flood'],
  },
  { name: 'registry', ...admin('#/registry', registry) },
  {
    name: 'registry-add',
    isStep: true,
    ...admin('#/registry', '[data-testid="registry-add"]', '[data-testid="registry-add-form"]'),
  },
  {
    name: 'registry-hub',
    isStep: true,
    ...admin('#/registry', '.admin-name', '[data-testid="registry-revoke"]', '[data-testid="registry-revoke-now"]'),
    states: ['normal', 'flood'],
  },
  {
    name: 'registry-claim',
    isStep: true,
    ...admin('#/registry'),
    states: ['empty', 'normal'],
    open: filled(['[data-testid="registry-add"]'], '[data-testid="registry-add-form"] input', 'Harbour Street 12', [
      '[data-testid="registry-add-form"] [type=submit]',
      '[data-testid="registry-code"]',
    ]),
  },
  {
    name: 'registry-came',
    isStep: true,
    ...admin('#/registry', '.admin-name', '[data-testid="registry-again"]', '[data-testid="key-words"]'),
    states: ['normal'],
  },
  { name: 'people', ...admin('#/people', people) },
  {
    name: 'people-add',
    isStep: true,
    ...admin('#/people', '[data-testid="people-add"]', '[data-testid="people-add-form"]'),
  },
  {
    name: 'people-link',
    isStep: true,
    ...admin('#/people'),
    states: ['normal'],
    open: filled(['[data-testid="people-add"]'], '[data-testid="people-add-form"] input[name=name]', 'n.adeyemi', [
      '[data-testid="people-add-form"] [type=submit]',
      '[data-testid="people-link"]',
    ]),
  },
  {
    name: 'people-person',
    isStep: true,
    ...admin('#/people', `${people}:nth-child(2) .admin-name`, '[data-testid="person-end-all"]'),
    states: ['normal', 'flood'],
  },
  {
    name: 'people-reset',
    isStep: true,
    ...admin(
      '#/people',
      `${people}:nth-child(2) .admin-name`,
      '[data-testid="person-reset"]',
      '[data-testid="person-on-call"]',
    ),
    states: ['normal'],
  },
  {
    name: 'people-oneself',
    isStep: true,
    ...admin('#/people', `${people} .admin-name`, '[data-testid="person-dialog"]'),
  },
]
