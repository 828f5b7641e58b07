import { join } from 'node:path'
import { Program } from '#test/support/program.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import type { PageStub } from './page-stub.ts'

/** What one line took, ms: to the second disk, and to whoever is told of it. */
export interface BareTimes {
  readonly storedMs: number[]
  readonly toldMs: number[]
}

const here = (file: string): string => join(import.meta.dirname, file)
const everyMs = 500
/** As long as an alarm of a pump with its status. */
const padding = 'x'.repeat(200)

/** The same way as an alarm's, without programs: pseudo-terminal → fsync → HTTP → fsync → HTTP. A line every half second. */
export class BarePath implements AsyncDisposable {
  readonly times: BareTimes = { storedMs: [], toldMs: [] }
  readonly #owned: AsyncDisposable[] = []
  #timer: NodeJS.Timeout | null = null

  static async open(folder: string, stub: PageStub): Promise<BarePath> {
    const path = new BarePath()
    stub.on('/bare', (body, at) => {
      const [begunAt, , storedAt] = body.split(' ').map(Number)
      if (begunAt === undefined || storedAt === undefined) return
      path.times.storedMs.push(storedAt - begunAt)
      path.times.toldMs.push(at - begunAt)
    })
    const server = new Program({
      name: 'bare server',
      args: [here('bare-server.ts'), join(folder, 'bare-server'), `${stub.url}/bare`],
    })
    path.#owned.push(server)
    const [, port] = await server.says(/port (\d+)/)
    const line = await PtyPort.open(join(folder, 'tty-bare'))
    path.#owned.push(line)
    const hub = new Program({
      name: 'bare hub',
      args: [here('bare-hub.ts'), join(folder, 'tty-bare'), join(folder, 'bare-hub'), `http://127.0.0.1:${port}/`],
    })
    path.#owned.push(hub)
    await hub.says(/open/)
    path.#timer = setInterval(() => line.write(Buffer.from(`${Date.now()} ${padding}\n`)), everyMs)
    return path
  }

  /** Counts from now on. */
  forget(): void {
    this.times.storedMs.length = 0
    this.times.toldMs.length = 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    for (const one of this.#owned.toReversed()) await one[Symbol.asyncDispose]()
  }
}
