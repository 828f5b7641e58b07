import { systemScheduler } from '#gateway/adapters/system-time.ts'
import { StatusServer } from '#gateway/adapters/status-server/status-server.ts'
import { pageFiles } from '#gateway/compose/status-page.ts'

import { plainStatus } from '#gateway/core/plain-status.ts'
import { eventually } from './eventually.ts'
import { wellInput } from './hub-states.ts'
import type { PlainInput } from '#gateway/core/plain-view.ts'

/** The real page and server, told what to say. */
export class HubPage implements AsyncDisposable {
  input: PlainInput = wellInput
  quiets = 0
  readonly #stop = new AbortController()
  #server: StatusServer | null = null

  static async start(port = 0): Promise<HubPage> {
    const page = new HubPage()
    page.#server = new StatusServer({
      host: '127.0.0.1',
      port,
      ownNames: ['hub-of-this-test'],
      files: await pageFiles(),
      healthy: () => page.input.healthy,
      status: async () => ({ ports: [], pumps: [] }),
      page: () => plainStatus(page.input),
      metrics: async () => ({ type: 'text/plain', text: '' }),
      quiet: () => {
        page.quiets += 1
        page.input = { ...page.input, local: { ...page.input.local, sounding: false, quietForMs: 120_000 } }
      },
      scheduler: systemScheduler,
      troubleChanged: () => {},
    })
    void page.#server.run(page.#stop.signal)
    await eventually(() => page.#server?.port)
    return page
  }

  get port(): number {
    return this.#server?.port ?? 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#server?.[Symbol.asyncDispose]()
  }
}
