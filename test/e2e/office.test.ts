import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HubDays } from '#domain/live/hub-days.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import type { Nurse } from '#test/support/nurse.ts'
import { System } from '#test/support/system.ts'
import { Wall } from './wall.ts'

// The screens of the office on real input: hand-over, history, hubs and simulators. One server, one browser; the colleague on the
// other side uses the REST interface.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const patiently = { within: 60_000, every: 100 }

describe('the screens of the office', () => {
  let system: System
  let browser: Browser
  let page: Page
  let wall: Wall
  let osei: Nurse

  beforeAll(async () => {
    const fast = { protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' } as const
    system = await System.start({
      pumps: [
        { id: 'SIM-0001', ...fast },
        { id: 'SIM-0002', ...fast },
      ],
      driven: true,
    })
    browser = await Browser.open()
    page = await browser.page()
    page.setDefaultTimeout(30_000)
    wall = new Wall(page)
    osei = await system.signIn('nurse')
    const lead = system.password('lead')
    await wall.signIn(system.url, lead.name, lead.password)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await system?.[Symbol.asyncDispose]()
  })

  const go = async (hash: string): Promise<void> => void (await page.goto(`${system.url}/${hash}`))
  let requests = 0
  const post = async (path: string, body: object = {}): Promise<Response> => {
    const answer = await osei.request('POST', path, { requestId: `request-${(requests += 1)}`, ...body })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  const alarmOf = async (pumpId: string) =>
    (await osei.openAlarms()).find((alarm) => alarm.pumpId === pumpId && alarm.code === 'occlusion-downstream')
  /** Blocks the line of a pump; the nurse takes its alarm. */
  const taken = async (pumpId: string): Promise<string> => {
    await system.act(pumpId, 'occlude')
    const alarm = await eventually(() => alarmOf(pumpId), { ...patiently, what: `an alarm of ${pumpId}` })
    await post(`/alarms/${alarm.episodeId}/accept`, { expectedVersion: alarm.version })
    return alarm.episodeId
  }
  const leadId = async (): Promise<string> => (await (await system.signIn('lead')).me()).userId
  const ownerOf = async (pumpId: string): Promise<string | undefined> => (await alarmOf(pumpId))?.owner?.name
  const boxes = (): Locator => page.getByTestId('read-back').locator('input[type=checkbox]')

  /** Offers the alarm of the second pump to the lead, by itself. */
  const offer = async (): Promise<void> => {
    const alarm = await alarmOf('SIM-0002')
    if (alarm === undefined) throw new Error('its alarm has gone')
    await post(`/alarms/${alarm.episodeId}/hand-over`, { expectedVersion: alarm.version, to: await leadId() })
  }

  const violations = async (): Promise<readonly string[]> =>
    await page.evaluate<string[]>(`(async () => {
      const module = { exports: {} }
      ;(function (module, exports) { ${axe} })(module, module.exports)
      const axe = window.axe ?? module.exports
      const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      return result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html).join(' '))
    })()`)
  const looksRight = async (): Promise<void> => {
    for (const theme of ['light', 'dark', 'night']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
      expect(await violations()).toEqual([])
    }
  }

  it('hands a shift over: each item is ticked and accepted, and until then it is the old owner’s', async () => {
    await go('#/handover')
    await page.getByText('Accept to start your shift').waitFor()
    await taken('SIM-0001')
    await post('/hand-over/offer', { to: await leadId() })
    await boxes().first().waitFor({ timeout: 60_000 })
    expect(await ownerOf('SIM-0001')).toBe('m.osei')
    expect(await page.getByTestId('accept-shift').isDisabled()).toBe(true)
    await page.keyboard.press('a')
    expect(await ownerOf('SIM-0001')).toBe('m.osei')
    // The list may change under the test: something else may ring that nobody owns.
    await eventuallyPasses(async () => {
      for (const box of await boxes().all())
        if (!(await box.isChecked())) {
          await box.focus()
          await page.keyboard.press('Space')
        }
      expect(await page.getByTestId('accept-shift').isEnabled()).toBe(true)
    }, patiently)
    await page.locator('#part-readBack').click()
    await page.keyboard.press('a')
    await eventuallyPasses(async () => expect(await ownerOf('SIM-0001')).toBe('j.lind'), patiently)
    await page.getByTestId('hand-over-told').getByText('Your shift has begun').waitFor()
    await page.getByText('Last accepted by j.lind').waitFor()
  })

  it('declines a hand-over with a reason: everything stays with its owner, who sees why', async () => {
    const episode = await taken('SIM-0002')
    await post('/hand-over/offer', { to: await leadId() })
    await page.getByTestId('decline').click({ timeout: 60_000 })
    const form = page.getByTestId('decline-form')
    await form.locator('button:not([type=button])').click()
    await form.getByRole('alert').waitFor()
    await form.locator('textarea').fill('still on another call')
    await form.locator('button:not([type=button])').click()
    await form.waitFor({ state: 'detached' })
    expect(await ownerOf('SIM-0002')).toBe('m.osei')
    const { history } = await osei.alarm(episode)
    expect(history.at(-1)).toMatchObject({ what: 'hand-over-declined', detail: { reason: 'still on another call' } })
  })

  it('takes one alarm over from its row, and declines another from there', async () => {
    await go('#/')
    await offer()
    const row = wall.row('SIM-0002', 'occlusion-downstream')
    await row.getByTestId('take-over').waitFor({ timeout: 60_000 })
    await row.locator('summary').click()
    await row.getByText('Can’t take over').click()
    const dialog = page.locator('dialog[open]')
    await dialog.locator('textarea').fill('on another call')
    await dialog.locator('button:not([type=button])').click()
    await eventuallyPasses(async () => expect((await alarmOf('SIM-0002'))?.handedTo).toBeNull(), patiently)
    expect(await ownerOf('SIM-0002')).toBe('m.osei')
    await offer()
    await eventuallyPasses(async () => {
      // A press on a row that had just moved is not taken: press again, as the row says.
      if (await row.getByTestId('take-over').isVisible()) await row.getByTestId('take-over').click()
      expect(await ownerOf('SIM-0002')).toBe('j.lind')
    }, patiently)
  })

  it('offers all of one’s own to a colleague, takes it back, and keeps an eye on a pump with a note', async () => {
    await go('#/handover')
    await page.getByTestId('offer-form').locator('select').selectOption({ label: 'm.osei' }, { timeout: 60_000 })
    await page.getByTestId('offer-form').locator('button').click()
    await eventuallyPasses(async () => expect((await alarmOf('SIM-0001'))?.handedTo?.name).toBe('m.osei'), patiently)
    await page.getByTestId('take-back').click()
    await eventuallyPasses(async () => expect((await alarmOf('SIM-0001'))?.handedTo).toBeNull(), patiently)
    await page.getByText('Keep an eye on a pump').click()
    const form = page.getByTestId('watch-form')
    await form.locator('input').fill('SIM-0001')
    await form.locator('textarea').fill('If the bag runs out, then call the carer')
    await form.locator('button').click()
    await page.getByTestId('sheet').getByText('If the bag runs out').waitFor()
  })

  it('prints the sheet on one page, with the time of its data and what this software is not', async () => {
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByTestId('sheet-as-of').isVisible()).toBe(true)
    expect(await page.locator('.sheet .statement').isVisible()).toBe(true)
    expect(await page.locator('.rail').isVisible()).toBe(false)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
    await page.emulateMedia({ media: 'screen' })
    await looksRight()
  })

  it('freezes the sheet with its time while the link is lost, and nothing can be accepted', async () => {
    system.server.child.kill('SIGSTOP')
    try {
      await eventuallyPasses(async () => expect(await wall.liveState()).toBe('not-live'), patiently)
      expect(await page.getByTestId('sheet-as-of').innerText()).toContain('Frozen at')
      expect(await page.getByTestId('accept-shift').isDisabled()).toBe(true)
    } finally {
      system.server.child.kill('SIGCONT')
    }
    await eventuallyPasses(async () => expect(await wall.liveState()).toBe('live'), patiently)
    await eventuallyPasses(
      async () => expect(await page.getByTestId('sheet-as-of').innerText()).toContain('Data as of'),
      patiently,
    )
  })

  it('opens the episodes behind a number, their timeline, and the wall as it stood', async () => {
    const alarm = await alarmOf('SIM-0001')
    if (alarm === undefined) throw new Error('its alarm has gone')
    await go('#/history')
    await page.getByTestId('numbers').locator('a').first().click()
    const row = page.locator(`[data-testid="episode"][data-episode="${alarm.episodeId}"]`)
    await row.locator('a').click()
    await page.getByTestId('timeline').waitFor()
    const steps = await page
      .getByTestId('timeline')
      .locator('li')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-what')))
    expect(steps.slice(0, 2)).toEqual(['onset', 'journal'])
    await page.getByTestId('timeline').getByText('Taken over').waitFor()
    await looksRight()
    await page.getByText('Replay this moment').click()
    await page
      .getByTestId('replay-band')
      .getByText(/REPLAY \d\d:\d\d/)
      .waitFor()
    await page.locator(`[data-testid="replay-row"][data-episode="${alarm.episodeId}"]`).waitFor()
    expect(await page.getByTestId('take').count()).toBe(0)
    await looksRight()
    // An hour before, nothing of this was there.
    await page.getByRole('button', { name: /60/ }).first().click()
    await page.getByText('No alarm was open.').waitFor()
  })

  it('exports what was asked, with the question and the time of the data', async () => {
    await go('#/history?view=episodes&range=24h&simulated=true&code=occlusion-downstream')
    await page.getByTestId('episode').first().waitFor()
    await looksRight()
    await page.keyboard.press('/')
    expect(await page.evaluate(`document.activeElement?.dataset.testid`)).toBe('filter-code')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('csv').click()])
    const text = readFileSync(await file.path(), 'utf8')
    expect(text).toContain('code=occlusion-downstream')
    expect(text).toContain('Data as of')
    expect(text).toContain('not a medical device')
    expect(text.match(/,occlusion-downstream,/g)?.length).toBeGreaterThanOrEqual(2)
    await page.getByTestId('filter-class').selectOption('false')
    await page.getByText(/No episodes between/).waitFor()
    await go('#/history')
    await page.getByTestId('numbers').waitFor()
    await looksRight()
  })

  it('shows each hub’s day, and where it is seen from', async () => {
    await go('#/hubs')
    await page.getByTestId('hubs-summary').getByText('The one hub was heard').waitFor()
    const row = page.getByTestId('hub-row')
    await row.getByRole('img').waitFor()
    await row.locator('.hub-open').focus()
    await page.keyboard.press('Enter')
    await page.getByText(/\/24|\/48/).waitFor()
    const { hubs } = HubDays.parse(await (await osei.request('GET', '/hubs/days')).json())
    expect(hubs).toHaveLength(1)
    await eventuallyPasses(async () => {
      const [hub] = HubDays.parse(await (await osei.request('GET', '/hubs/days')).json()).hubs
      expect(hub?.delays.alarm?.count).toBeGreaterThan(0)
    }, patiently)
    const act = page.getByTestId('hub-act')
    await act.getByRole('button', { name: 'Ticket' }).click()
    await act.locator('textarea').fill('Line ticket 4711')
    await act.locator('button:not([type=button])').click()
    await page.locator('[data-testid="hub-entry"][data-kind="ticket"]').getByText('Line ticket 4711').waitFor()
    await row.locator('.act-mark').waitFor({ state: 'attached' })
    await row.getByRole('img', { name: /1 note, ticket or visit/ }).waitFor()
    expect(await page.getByTestId('hub-record').count()).toBe(0)
    await looksRight()
  })

  it('gives chosen pumps to another team of the lead’s, all or none, and nothing else is done to many at once', async () => {
    const admin = await system.signIn('admin')
    const people = { userIds: [await leadId(), (await osei.me()).userId] }
    for (const team of ['all', 'north']) {
      expect((await admin.request('PUT', `/teams/${team}`, { name: `Team ${team}` })).status).toBe(200)
      expect((await admin.request('PUT', `/teams/${team}/members`, people)).status).toBe(200)
    }
    await go('#/pumps')
    await page.reload()
    await page.getByTestId('assign-begin').click({ timeout: 60_000 })
    const bar = page.getByTestId('assign-bar')
    expect(await bar.locator('button:not([type=button])').isDisabled()).toBe(true)
    await page.locator('[data-testid="roster-row"][data-pump="SIM-0001"]').getByTestId('roster-choice').click()
    await page.locator('[data-cell="1 0"] a').focus()
    await page.keyboard.press('Space')
    await bar.getByText('2 pumps chosen').waitFor()
    await looksRight()
    await bar.locator('select').selectOption({ label: 'Team north' })
    // Somebody else changes one of them first.
    const lead = await system.signIn('lead')
    const about = { label: null, therapy: null, criticality: 'standard', timeZone: null, plan: null, teamId: 'all' }
    expect((await lead.request('PUT', '/assignments/SIM-0001', { ...about, expectedVersion: 0 })).status).toBe(200)
    await bar.locator('button:not([type=button])').click()
    await page.getByTestId('assign-told').getByText('Nothing was changed. Somebody changed SIM-0001').waitFor()
    await bar.locator('button[type=button]').click()
    await page.getByRole('button', { name: 'Sort anew' }).click()
    await eventuallyPasses(async () => {
      const told = page.getByTestId('assign-told').getByText('1 pump belongs to Team north now')
      if (await told.isVisible()) return
      if (await page.getByTestId('assign-begin').isVisible()) await page.getByTestId('assign-begin').click()
      const choice = page.locator('[data-testid="roster-row"][data-pump="SIM-0001"]').getByTestId('roster-choice')
      if (!(await choice.isChecked())) await choice.click()
      await bar.locator('select').selectOption({ label: 'Team north' })
      await bar.locator('button:not([type=button])').click()
      await told.waitFor({ timeout: 5_000 })
    }, patiently)
    const { assignments } = (await (await lead.request('GET', '/assignments')).json()) as {
      assignments: { pumpId: string; details: { teamId: string } | null; changedBy: { name: string } }[]
    }
    expect(assignments.map(({ pumpId, details }) => [pumpId, details?.teamId])).toEqual([['SIM-0001', 'north']])
  })

  it('lets an engineer play, step and drive simulated pumps, refuses with its reason, and holds the wall against them', async () => {
    await page.evaluate(`fetch('/api/v1/session', { method: 'DELETE' })`)
    await go('#/')
    await page.reload()
    const engineer = system.password('engineer')
    // It ended behind the page's back, which stays loud over a reload.
    await page.getByTestId('not-monitoring').getByRole('button', { name: 'Sign in' }).click({ timeout: 60_000 })
    await page.getByTestId('sign-in-form').waitFor()
    await wall.signInWithoutDuty(system.url, engineer.name, engineer.password)
    await go('#/simulator')
    await page.getByTestId('sim-pump').first().waitFor()
    const invariant = page.locator('[data-testid="invariant"][data-name="alarm-shown"]')
    await eventuallyPasses(async () => expect(await invariant.getAttribute('data-is')).toBe('holds'), patiently)
    const time = (): Promise<string> => page.getByTestId('virtual-time').innerText()
    await page.keyboard.press('Space')
    await page.getByTestId('sim-pace').getByText('stands still').waitFor()
    const stood = await time()
    await page.keyboard.press('.')
    await eventuallyPasses(async () => expect(await time()).not.toBe(stood), patiently)
    await page.getByTestId('simulator-told').getByText('Done: Step').waitFor()
    await page.getByTestId('sim-pace').getByText('stands still').waitFor()
    await page.keyboard.press('Space')
    await page.getByTestId('sim-pace').getByText('runs at').waitFor()
    await page.locator('[data-testid="sim-pump"][data-pump="SIM-0002"] .sim-choose').click()
    const act = page.getByTestId('sim-act')
    await act.locator('select[name=act]').selectOption('inject-air')
    await act.locator('input').fill('5000')
    await act.locator('button').click()
    await page
      .getByTestId('simulator-told')
      .getByText(/^Refused: inject-air/)
      .waitFor()
    await act.locator('select[name=act]').selectOption('release')
    await act.locator('button').click()
    const told = page.getByTestId('simulator-told')
    await told.getByText('Done: release').waitFor()
    const story = page.getByTestId('sim-story')
    await story.locator('select').selectOption('air-in-line')
    await story.locator('button').click()
    await told.getByText('Done: Story air-in-line').waitFor()
    const fleet = page.getByTestId('sim-fleet-form')
    await fleet.locator('input').first().fill('12')
    await fleet.locator('button').click()
    await page.getByTestId('sim-fleet-runs').getByText('12 pumps on 2 hubs').waitFor()
    await go('#/')
    await eventuallyPasses(
      async () => expect(await page.locator('.facts').innerText()).toMatch(/of ([3-9]|1[0-9])\b/),
      patiently,
    )
    await go('#/simulator')
    await page.getByTestId('sim-fleet-stop').click()
    await fleet.waitFor()
    await looksRight()
  })

  it('breaks no rule of the content security policy on any of these screens', () => {
    expect(browser.complaints.filter((complaint) => !/ERR_|Failed to load resource/.test(complaint))).toEqual([])
  })
})
