import type { Page } from 'playwright-core'

/** Where an alarm is on its way to the eye, each in wall-clock ms; null where there is no such place, or it was not there yet. */
export interface Way {
  /** The worker has read, checked and folded it and hands it to the page. */
  readonly handedOn: number | null
  /** The page's thread begins with it. */
  readonly heard: number | null
  /** Its row is in the document. */
  readonly drawn: number | null
  /** The browser presented its name on the screen (Element Timing): not when a script thought that it would. */
  readonly painted: number
}

/** Before anything else of the page. */
export const keepWays = `{
  const ways = { heard: new Map(), drawn: new Map(), painted: new Map() }
  globalThis.ways = ways
  const note = (hop, id, at) => { if (!ways[hop].has(id)) ways[hop].set(id, at) }
  new PerformanceObserver((list) => {
    for (const { identifier, renderTime } of list.getEntries()) note('painted', identifier, renderTime)
  }).observe({ type: 'element', buffered: true })
  new MutationObserver((changes) => {
    const at = performance.now()
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof Element)
          for (const row of [node, ...node.querySelectorAll('[elementtiming]')])
            if (row.hasAttribute('elementtiming')) note('drawn', row.getAttribute('elementtiming'), at)
  }).observe(document, { childList: true, subtree: true })
  const Plain = Worker
  globalThis.Worker = class extends Plain {
    constructor(...how) {
      super(...how)
      this.addEventListener('message', ({ data }) => {
        if (data.kind !== 'changes') return
        for (const change of data.changes)
          if (change.kind === 'alarm') note('heard', change.alarm.episodeId, performance.now())
      })
    }
  }
}`

/** In the worker that holds the socket, where there is one. */
export const keepHandedOn = async (page: Page): Promise<void> => {
  for (const worker of page.workers())
    await worker.evaluate(`{
      globalThis.handedOn = new Map()
      const plain = postMessage
      globalThis.postMessage = (message) => {
        if (message.kind === 'changes')
          for (const change of message.changes)
            if (change.kind === 'alarm' && !handedOn.has(change.alarm.episodeId))
              handedOn.set(change.alarm.episodeId, performance.timeOrigin + performance.now())
        plain(message)
      }
    }`)
}

/** Of each place the ms after `from`. */
export const since = (from: number, { handedOn, heard, drawn, painted }: Way): Way => {
  const after = (at: number | null): number | null => (at === null ? null : at - from)
  return { handedOn: after(handedOn), heard: after(heard), drawn: after(drawn), painted: painted - from }
}

type Told = readonly [id: string, painted: number, drawn: number | null, heard: number | null]

/** Of all alarms whose name has been presented. */
export const waysOf = async (page: Page): Promise<ReadonlyMap<string, Way>> => {
  const handedOn = new Map<string, number>()
  for (const worker of page.workers())
    for (const [id, at] of await worker.evaluate<[string, number][]>('[...(globalThis.handedOn ?? [])]'))
      handedOn.set(id, at)
  const told = await page.evaluate<Told[]>(`{
    const zero = performance.timeOrigin
    const at = (hop, id) => (ways[hop].has(id) ? zero + ways[hop].get(id) : null);
    [...ways.painted.keys()].map((id) => [id, at('painted', id), at('drawn', id), at('heard', id)])
  }`)
  return new Map(
    told.map(([id, painted, drawn, heard]) => [id, { handedOn: handedOn.get(id) ?? null, heard, drawn, painted }]),
  )
}
