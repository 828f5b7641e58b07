import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { screens } from '../accessibility/screens.ts'
import { Stage } from '../accessibility/stage.ts'
import type { State } from '../accessibility/pictures.ts'

// The plan in a real browser: what runs out first, and what became of a week.

let stage: Stage

const bring = async (name: string, state: State): Promise<void> => {
  const screen = screens.find((one) => one.name === name)
  if (screen === undefined) throw new Error(`there is no screen ${name}`)
  await stage.bring(screen, state, '1440')
}

beforeAll(async () => {
  stage = await Stage.open()
}, 120_000)
afterAll(() => stage[Symbol.asyncDispose]())

describe('the plan', () => {
  it('says what runs out first, in groups, and that an old word is old', async () => {
    await bring('plan', 'normal')
    const { page } = stage
    const groups = page.getByTestId('supply-group')
    expect(await groups.evaluateAll((all) => all.map((one) => one.getAttribute('data-group')))).toEqual([
      'runs-out',
      'stands',
      'not-known',
      'next-start',
    ])
    const rows = page.getByTestId('supply-row')
    expect(await rows.first().innerText()).toMatch(/Battery empty\s+in 4[12]\s+min/)
    const old = page.locator('[data-testid="supply-row"][data-old="true"]').first()
    expect(await old.innerText()).toMatch(/– last told .*\d\d:\d\d at .*\d\d:\d\d/)
    expect(await old.locator('.supply-when').getAttribute('class')).toContain('hatch')
    expect(await page.getByText('Nobody can say, 3').count()).toBe(1)
  }, 120_000)

  it('W8: makes every row old when the page is not live, and lets no "in 41 min" stand', async () => {
    await bring('plan', 'not-live')
    const rows = stage.page.getByTestId('supply-row')
    expect(await rows.evaluateAll((all) => all.every((one) => one.getAttribute('data-old') === 'true'))).toBe(true)
    expect((await rows.allInnerTexts()).filter((text) => / in \d/.test(text))).toEqual([])
  }, 120_000)

  it('keeps what was told when the next answer does not come, with its time', async () => {
    await bring('plan', 'normal')
    const { page, server } = stage
    const count = await page.getByTestId('supply-row').count()
    server.answers.set('GET /supply', () => 503)
    await page.getByText('Ask anew').click()
    await page.getByTestId('plan-failed').waitFor()
    expect(await page.getByTestId('plan-failed').innerText()).toMatch(/What was told at .*\d\d:\d\d:\d\d is kept/)
    expect(await page.getByTestId('supply-row').count()).toBe(count)
    expect(await page.locator('[data-testid="supply-row"][data-old="false"]').count()).toBe(0)
  }, 120_000)

  it('reads a week a few pumps after the other, counts it, and opens what became of each', async () => {
    await bring('plan-week', 'normal')
    const { page } = stage
    await page.getByText('deliveries as planned').waitFor()
    expect(await page.getByTestId('week-row').count()).toBe(8)
    expect(await page.getByTestId('week-summary').innerText()).toBe(
      '8 deliveries as planned, 24 not, 16 not known, 8 open',
    )
    const first = page.locator('.week-open').first()
    await first.focus()
    await page.keyboard.press('Enter')
    const unheard = page.locator('[data-testid="kept-run"][data-mark="not-known"]').last()
    expect(await unheard.innerText()).toMatch(/between 20:10 and 20:40/)
    expect(await unheard.innerText()).toMatch(/Not heard\s+20:10 to 20:40/)
    expect(await first.getAttribute('aria-expanded')).toBe('true')
    await page.getByLabel('Seven days earlier').click()
    await page.waitForFunction("location.hash.includes('ago=1')")
  }, 120_000)

  it('stands on the page of a pump, for those who may know its plan alone', async () => {
    await bring('pump', 'normal')
    const { page, server } = stage
    await page.getByTestId('pump-adherence').waitFor()
    server.role = 'engineer'
    await page.reload()
    await page.getByTestId('completeness').waitFor()
    expect(await page.getByTestId('pump-adherence').count()).toBe(0)
    expect(await page.getByTestId('go-plan').count()).toBe(0)
  }, 120_000)

  it('breaks no rule of the content security policy', () => {
    expect(stage.browser.complaints.filter((complaint) => complaint.includes('CSP'))).toEqual([])
  })
})
