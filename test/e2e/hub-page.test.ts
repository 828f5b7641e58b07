import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Browser, chromiumPath } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { HubPage } from '#test/support/hub-page.ts'
import { calm, pageStates } from '#test/support/hub-states.ts'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Opened {
  readonly hub: HubPage
  readonly tab: Page
  readonly browser: Browser
}

const open = async (screen: { width: number; height: number; theme: 'light' | 'dark' }): Promise<Opened> => {
  const hub = await HubPage.start()
  onTestFinished(() => hub[Symbol.asyncDispose]())
  const browser = await Browser.open(screen)
  onTestFinished(() => browser[Symbol.asyncDispose]())
  const tab = await browser.page()
  // Every gain that reaches the loudspeaker is heard by an analyser, too.
  await tab.addInitScript({
    content: `
      window.heard = { contexts: [], peak: () => 0 }
      const Real = window.AudioContext
      window.AudioContext = class extends Real {
        constructor(...options) {
          super(...options)
          window.heard.contexts.push(this)
        }
      }
      const connect = AudioNode.prototype.connect
      AudioNode.prototype.connect = function (target, ...rest) {
        if (target instanceof AudioDestinationNode) {
          const analyser = target.context.createAnalyser()
          analyser.fftSize = 32768
          connect.call(this, analyser)
          const samples = new Float32Array(analyser.fftSize)
          window.heard.gain = this.gain?.value ?? null
          window.heard.peak = () => {
            analyser.getFloatTimeDomainData(samples)
            return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
          }
        }
        return connect.call(this, target, ...rest)
      }`,
  })
  await tab.goto(hub.url)
  return { hub, tab, browser }
}

const desk = { width: 1280, height: 800, theme: 'light' } as const
const title = (tab: Page): Promise<string | null> => tab.locator('#title').textContent()
const says = (tab: Page, words: string): Promise<unknown> =>
  eventually(async () => (await title(tab)) === words, { within: 10_000, what: words })
const peak = (tab: Page): Promise<number> => tab.evaluate<number>('heard.peak()')

describe.skipIf(chromiumPath === null)('the hub’s status page in a browser (needs chromium)', () => {
  it('shows each state in words, shape and colour, without a finding of axe or a word from the browser', async () => {
    const screens = [
      desk,
      { ...desk, theme: 'dark' },
      { width: 390, height: 844, theme: 'light' },
      { width: 390, height: 844, theme: 'dark' },
    ] as const
    for (const screen of screens) {
      const { hub, tab, browser } = await open(screen)
      for (const [name, input] of Object.entries(pageStates)) {
        hub.input = input
        const shape = { well: 'well', low: 'note', call: 'call' }[name] ?? 'attention'
        await tab.locator(`body[data-mood="${shape}"] #shape[href="#shape-${shape}"]`).waitFor({ state: 'attached' })
        const width = await tab.evaluate<number>('document.documentElement.scrollWidth')
        expect(width, `${name} at ${screen.width}`).toBeLessThanOrEqual(screen.width)
        const found = await tab.evaluate(
          `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
        )
        const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] }
        expect(
          violations.map(({ id, nodes }) => `${name} ${screen.theme} ${screen.width}: ${id} ${nodes[0]?.html}`),
        ).toEqual([])
      }
      expect(browser.complaints).toEqual([])
      await browser[Symbol.asyncDispose]()
    }
  })

  it('counts ages by itself between two answers', async () => {
    const { hub, tab } = await open(desk)
    hub.input = { ...pageStates.well, pumps: [{ ...calm, silentMs: 61_000 }] }
    await eventually(async () => (await tab.locator('#lines').textContent()) === 'Last data 1 min ago')
    hub.input = pageStates.disconnected
    await eventually(async () => /^Since \d\d:\d\d \(48 min\)$/.test((await tab.locator('#age').textContent()) ?? ''))
  })

  it('has no sound until somebody turns it on, and then proves it by a running clock and a signal', async () => {
    const { hub, tab } = await open(desk)
    hub.input = pageStates.call
    await says(tab, 'Call your nurse line now')
    await tab.getByText('The sound of this page is off. It cannot wake you.').waitFor()
    expect(await tab.evaluate('heard.contexts.length')).toBe(0)

    await tab.getByRole('button', { name: 'Turn sound on' }).click()
    await tab.getByText('Sound is on, and sounding now.').waitFor()
    const clock = () => tab.evaluate<number>('heard.contexts[0].currentTime')
    expect(await tab.evaluate('heard.contexts[0].state')).toBe('running')
    expect(await tab.evaluate<number>('heard.gain')).toBeGreaterThan(0)
    await eventually(async () => (await peak(tab)) > 0.1, { within: 15_000, what: 'a sound' })
    const before = await clock()
    await eventually(async () => (await clock()) > before, { what: 'an audio clock that advances' })
    await expect(tab.locator('#sound-on').isHidden()).resolves.toBe(true)

    await tab.getByRole('button', { name: 'Quiet for 2 minutes' }).click()
    await tab.getByText(/^Quiet for [12]:\d\d, then it sounds again\.$/).waitFor()
    expect(hub.quiets).toBe(1)
    await eventually(async () => (await peak(tab)) === 0, { within: 5_000, what: 'quiet' })
    hub.input = pageStates.call
    await eventually(async () => (await peak(tab)) > 0.1, { within: 15_000, what: 'the sound of what came later' })
  })

  it('says by itself that it has lost the box, sounds, and comes back', async () => {
    const { hub, tab } = await open(desk)
    await says(tab, 'All is well')
    await tab.getByRole('button', { name: 'Turn sound on' }).click()
    await tab.getByText('Sound is on.').waitFor()
    // The test burst has to be over before silence can be told from the next sound.
    await eventually(async () => (await peak(tab)) === 0, { within: 10_000 })
    await tab.route('**/page.json', (route) => route.abort())
    await says(tab, 'This page has lost the box')
    expect(await tab.locator('#number').textContent()).toBe('0800 555 0142')
    expect(await tab.locator('#pumps-section').isHidden()).toBe(true)
    await eventually(async () => (await peak(tab)) > 0.05, { within: 15_000, what: 'the sound of the lost box' })
    await tab.unroute('**/page.json')
    await says(tab, 'All is well')
    await eventually(async () => (await peak(tab)) === 0, { within: 5_000, what: 'quiet' })
    expect(hub.quiets).toBe(0)
  })

  it('loses a box that answers and says nothing, too', async () => {
    const { tab } = await open(desk)
    await says(tab, 'All is well')
    await tab.route('**/page.json', () => new Promise(() => {}))
    await says(tab, 'This page has lost the box')
  })

  it('opens a fold with every number of the hub', async () => {
    const { tab } = await open(desk)
    await tab.getByText('For technicians').click()
    await tab.getByRole('link', { name: '/metrics' }).waitFor()
  })
})
