import type { CDPSession, Page } from 'playwright-core'

/** What the wall weighs, after a collection. */
export interface Weight {
  readonly heapMb: number
  readonly nodes: number
  readonly listeners: number
}

// Every alarm that ever had a row, looked for twice a second.
const remember = `(() => {
  window.everShown = new Set()
  setInterval(() => {
    for (const row of document.querySelectorAll('[data-testid="alarm-row"]')) window.everShown.add(row.dataset.episode)
  }, 500)
})()`

/** The wall of one night, and what it showed. */
export class SoakedWall {
  readonly #page: Page
  readonly #tools: CDPSession

  private constructor(page: Page, tools: CDPSession) {
    this.#page = page
    this.#tools = tools
  }

  static async watch(page: Page, tools: CDPSession): Promise<SoakedWall> {
    await tools.send('Performance.enable')
    await page.evaluate(remember)
    return new SoakedWall(page, tools)
  }

  read = async <T>(script: string): Promise<T> => await this.#page.evaluate<T>(script)

  everShown = async (): Promise<ReadonlySet<string>> => new Set(await this.read<string[]>('[...window.everShown]'))

  async weight(): Promise<Weight> {
    await this.#tools.send('HeapProfiler.collectGarbage')
    const { metrics } = await this.#tools.send('Performance.getMetrics')
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
    return { heapMb: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') }
  }
}
