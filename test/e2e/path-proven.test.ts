import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OnCallNow } from '#domain/on-call/api.ts'
import { Browser } from '#test/support/browser.ts'
import { eventuallyPasses } from '#test/support/eventually.ts'
import type { Nurse } from '#test/support/nurse.ts'
import { System } from '#test/support/system.ts'
import { Wall } from './wall.ts'

const story = async (nurse: Nurse) => {
  const alarm = (await nurse.openAlarms()).find(({ code }) => code === 'occlusion-downstream')
  return alarm === undefined ? null : (await nurse.alarm(alarm.episodeId)).paging
}
const kinds = async (nurse: Nurse) =>
  (await story(nurse))?.noticed.map(({ by, kind }) => `${by.name} ${kind}`).toSorted()

// A real hub's test alarm, up to the audio clock of a real browser and back, and what becomes of it when that clock stands.

describe('the proof that the path works', () => {
  let system: System
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    // Pressure rises with the rate: a blocked line alarms in seconds.
    const [pump] = [{ id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' } as const]
    system = await System.start({ pumps: [pump], canarySeconds: 5 })
    browser = await Browser.open()
    page = await browser.page()
    await page.addInitScript(`
      window.contexts = []
      window.AudioContext = class extends AudioContext {
        constructor(options) {
          super(options)
          window.contexts.push(this)
          if (window.soundTaken) super.suspend()
        }
        // The page brings back what was suspended, so the browser has to refuse it as long as the fault lasts.
        async resume() {
          if (!window.soundTaken) await super.resume()
        }
        get currentTime() {
          return window.soundTaken ? 0 : super.currentTime
        }
      }
    `)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await system?.[Symbol.asyncDispose]()
  })

  const chip = async (): Promise<string | null> => await page.getByTestId('path-chip').getAttribute('data-state')
  const osei = async () => {
    const lead = await system.signIn('lead')
    const { reachability } = OnCallNow.parse(await (await lead.request('GET', '/on-call')).json())
    return reachability.find(({ person }) => person.name === system.password('nurse').name)
  }

  it('comes from the hub to the journal, and is no alarm and no pump', async () => {
    const wall = new Wall(page)
    const { name, password } = system.password('nurse')
    await wall.signIn(system.url, name, password)
    const nurse = await system.signIn('nurse')
    await eventuallyPasses(
      async () => expect((await nurse.hubs())[0]?.path).toMatchObject({ everyMs: 5_000, overdue: false }),
      { within: 60_000 },
    )
    const first = (await nurse.hubs())[0]?.path?.provenAt ?? Number.NaN
    await eventuallyPasses(async () => expect((await nurse.hubs())[0]?.path?.provenAt).toBeGreaterThan(first), {
      within: 30_000,
    })
    expect((await nurse.pumps()).map(({ pumpId }) => pumpId)).toEqual(['SIM-0001'])
    expect((await nurse.openAlarms()).filter(({ code }) => code === 'device-text')).toEqual([])
    expect(await wall.soundingPriority()).toBeNull()
    await page.goto(`${system.url}/#/hubs`)
    await eventuallyPasses(async () =>
      expect(await page.getByTestId('hub-path').getAttribute('data-overdue')).toBe('false'),
    )
    await page.goto(`${system.url}/#/`)
  })

  it('goes on through the page’s audio clock back to the server', async () => {
    // What is left to do is hers: the proof itself is there.
    await eventuallyPasses(async () => expect(await chip()).toBe('check-due'), { within: 30_000 })
    await eventuallyPasses(
      async () => expect(await osei()).toMatchObject({ reach: 'reachable', provenAt: expect.any(Number) }),
      { within: 30_000 },
    )
  })

  it('the nurse hears one test page and says so, and her lead sees it', async () => {
    await page.getByTestId('path-chip').click()
    await page.getByTestId('shift-play').click()
    await page.getByTestId('shift-yes').click()
    await eventuallyPasses(async () => expect(await chip()).toBe('proven'))
    expect(await osei()).toMatchObject({ shiftCheck: { heard: true } })
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
  })

  it('W1: that an alarm was heard and looked at here is told to the server, once each, and stands in its story', async () => {
    await system.act('SIM-0001', 'occlude')
    const row = new Wall(page).row('SIM-0001', 'occlusion-downstream')
    await row.waitFor({ timeout: 60_000 })
    // Somebody is there.
    await page.mouse.click(2, 2)
    const { name } = system.password('nurse')
    const nurse = await system.signIn('nurse')
    await eventuallyPasses(async () => expect(await kinds(nurse)).toEqual([`${name} audible`, `${name} viewed`]), {
      within: 60_000,
    })
  })

  it('W24: the start page opens the pump of the most urgent alarm that nobody has', async () => {
    await page.goto(`${system.url}/#/urgent`)
    await eventuallyPasses(async () => expect(await page.evaluate('location.hash')).toBe('#/pumps/SIM-0001'))
    await page.goto(`${system.url}/#/`)
  })

  it('a pause of the sound is known to the server: for which alarm, and until when', async () => {
    await page.getByTestId('pause-sound').click()
    await eventuallyPasses(
      async () => {
        const seen = await osei()
        expect(seen?.reasons).toContain('sound-paused')
        expect(seen?.paused?.until).toBeGreaterThan(Date.now())
        expect(seen?.paused?.episodeIds).toHaveLength(1)
      },
      { within: 30_000 },
    )
    await page.getByTestId('sound-paused').getByRole('button').click()
    await eventuallyPasses(async () => expect((await osei())?.reasons).not.toContain('sound-paused'), {
      within: 30_000,
    })
    await system.act('SIM-0001', 'release')
  })

  it('an audio clock that stands is red on the page, and one alarm that names her', async () => {
    await page.evaluate(`window.soundTaken = true, window.contexts.forEach((context) => context.suspend())`)
    await eventuallyPasses(
      async () =>
        expect(await osei()).toMatchObject({ reach: 'doubtful', reasons: expect.arrayContaining(['sound-not-armed']) }),
      { within: 30_000 },
    )
    await eventuallyPasses(async () => expect(await chip()).toBe('unproven'), { within: 200_000, every: 500 })
    const nurse = await system.signIn('nurse')
    await eventuallyPasses(
      async () => {
        const [alarm, ...more] = (await nurse.openAlarms()).filter(({ code }) => code === 'path-unproven')
        expect(more).toEqual([])
        expect(alarm).toMatchObject({ condition: 'active', hubId: null, simulated: true })
        expect(alarm?.vendorText).toContain(system.password('nurse').name)
      },
      { within: 30_000 },
    )
    await page.evaluate(`window.soundTaken = false, window.contexts.at(-1).resume()`)
    await eventuallyPasses(async () => expect(await chip()).toBe('proven'), { within: 30_000 })
    await eventuallyPasses(
      async () => {
        const open = (await nurse.openAlarms()).filter(({ code }) => code === 'path-unproven')
        expect(open.map(({ condition }) => condition)).not.toContain('active')
      },
      { within: 30_000 },
    )
  })
})
