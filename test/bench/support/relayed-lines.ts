import { join } from 'node:path'
import { Program } from '#test/support/program.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import type { Page } from 'playwright-core'
import { keepWays, waysOf } from './wall-hops.ts'

const folder = join(import.meta.dirname, '..', 'bare-relay')
const everyMs = 500
/** As long as an alarm of a pump with its status. */
const padding = 'x'.repeat(200)

/** Bytes from a pseudo-terminal to a page, through one program and one web socket, without a promise: a line every half second. */
export class RelayedLines implements AsyncDisposable {
  readonly #page: Page
  readonly #owned: AsyncDisposable[] = []
  readonly #sentAt = new Map<string, number>()
  #timer: NodeJS.Timeout | null = null

  private constructor(page: Page) {
    this.#page = page
  }

  static async open(scratch: string, page: Page): Promise<RelayedLines> {
    const lines = new RelayedLines(page)
    const device = join(scratch, 'tty-relayed')
    const line = await PtyPort.open(device)
    lines.#owned.push(line)
    const relay = new Program({
      name: 'bare relay',
      args: [join(import.meta.dirname, 'bare-relay.ts'), device, folder],
    })
    lines.#owned.push(relay)
    const [, port] = await relay.says(/port (\d+)/)
    await page.addInitScript({ content: keepWays })
    await page.goto(`http://127.0.0.1:${port}/`)
    let nth = 0
    lines.#timer = setInterval(() => {
      const id = `line-${(nth += 1)}`
      lines.#sentAt.set(id, Date.now())
      line.write(Buffer.from(`${id} ${padding}\n`))
    }, everyMs)
    return lines
  }

  /** Counts from now on. */
  forget(): void {
    this.#sentAt.clear()
  }

  /** From each line's write to its paint, ms. */
  async paintedMs(): Promise<readonly number[]> {
    const ways = await waysOf(this.#page)
    return [...this.#sentAt].flatMap(([id, at]) => {
      const painted = ways.get(id)?.painted
      return painted === undefined ? [] : [painted - at]
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    for (const one of this.#owned.toReversed()) await one[Symbol.asyncDispose]()
  }
}
