import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumFlags, chromiumPath } from './browser.ts'
import { eventually } from './eventually.ts'
import { missingService } from './services.ts'

interface Answer {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/**
 * A browser with two tabs, spoken to without Playwright, which tells every page that it is visible and focused. Whichever tab is not in
 * front is hidden as it is for a nurse: no frames, timers once a second and later once a minute.
 */
export class TwoTabs implements AsyncDisposable {
  readonly #browser: ChildProcess
  readonly #socket: WebSocket
  readonly #profile: string
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #lastId = 0
  #tab = { target: '', session: '' }
  #other = ''

  private constructor(browser: ChildProcess, socket: WebSocket, profile: string) {
    this.#browser = browser
    this.#socket = socket
    this.#profile = profile
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer)
    })
  }

  static async open(url: string): Promise<TwoTabs> {
    if (chromiumPath === null) throw new Error(missingService('chromium'))
    const profile = mkdtempSync(join(tmpdir(), 'infusion-watch-tabs-'))
    const browser = spawn(chromiumPath, [
      ...chromiumFlags,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--window-size=1440,900',
      'about:blank',
    ])
    let said = ''
    browser.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const address = await eventually(() => /ws:\/\/\S+/.exec(said)?.[0], { within: 60_000, what: 'the browser' })
    const socket = new WebSocket(address)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', reject)
    })
    const tabs = new TwoTabs(browser, socket, profile)
    const target = String((await tabs.#send('Target.createTarget', { url }))['targetId'])
    tabs.#other = String((await tabs.#send('Target.createTarget', { url: 'about:blank' }))['targetId'])
    const attached = await tabs.#send('Target.attachToTarget', { targetId: target, flatten: true })
    tabs.#tab = { target, session: String(attached['sessionId']) }
    await tabs.bringToFront()
    return tabs
  }

  bringToFront = async (): Promise<void> =>
    void (await this.#send('Target.activateTarget', { targetId: this.#tab.target }))

  /** The other tab comes to the front. */
  hide = async (): Promise<void> => void (await this.#send('Target.activateTarget', { targetId: this.#other }))

  /**
   * The browser stops the page and its worker altogether, as it does to save power, and resolves when it has. Playwright's pages cannot be
   * frozen. A busy browser may thaw by itself what it has only just frozen: it is asked again.
   */
  async freeze(): Promise<void> {
    await this.evaluate(`if (window.frozenAt === undefined) {
      document.addEventListener('freeze', () => (window.frozenAt = performance.now()))
      document.addEventListener('resume', () => (window.frozenAt = null))
    }
    window.frozenAt = null`)
    await eventually(
      async () => {
        const frozenMs = await this.#frozenMs()
        if (frozenMs === 0) await this.#live('frozen')
        return frozenMs > 1_000
      },
      { within: 60_000, every: 500, what: 'the page to freeze' },
    )
  }

  /** Whether it was frozen all the time, from `freeze` on, for so long. */
  async staysFrozen(ms: number): Promise<boolean> {
    const frozen = async (): Promise<number> => await this.#frozenMs()
    await eventually(async () => [0, ms].includes(Math.min(ms, await frozen())), { within: ms + 60_000, every: 100 })
    return (await frozen()) > 0
  }

  thaw = async (): Promise<void> => await this.#live('active')

  #live = async (state: 'frozen' | 'active'): Promise<void> =>
    void (await this.#send('Page.setWebLifecycleState', { state }, this.#tab.session))

  /** 0: it runs. */
  #frozenMs = async (): Promise<number> =>
    await this.evaluate(`window.frozenAt === null ? 0 : performance.now() - window.frozenAt`)

  /** `press`: as if a person had just touched the page. */
  async evaluate<T>(expression: string, press = false): Promise<T> {
    const answer = await this.#send(
      'Runtime.evaluate',
      { expression, returnByValue: true, awaitPromise: true, userGesture: press },
      this.#tab.session,
    )
    if (answer['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(answer['exceptionDetails']))
    return (answer['result'] as { value: T }).value
  }

  async #send(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = (this.#lastId += 1)
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    })
    this.#waiting.delete(id)
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result ?? {}
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#send('Browser.close', {}).catch(() => this.#browser.kill('SIGKILL'))
    await eventually(() => this.#browser.exitCode !== null || this.#browser.signalCode !== null, { within: 20_000 })
    rmSync(this.#profile, { recursive: true, force: true })
  }
}
