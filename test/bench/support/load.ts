import { Agent } from 'node:http'
import { Program } from '#test/support/program.ts'
import { percentiles } from '#simulators/core/load/percentiles.ts'
import type { Percentiles } from '#simulators/core/load/percentiles.ts'
import type { BenchServer } from './bench-server.ts'
import { LoadHub } from './load-hub.ts'
import type { LoadPlan } from './load-points.ts'

/** What became of a load in the time that was looked at. */
export interface Poured {
  readonly stored: number
  readonly perSecond: number
  readonly batchMs: Percentiles | null
}

const beatEveryMs = 10_000

/** Hubs of a bench's server that send without a pause. */
export class Load implements Disposable {
  readonly hubs: readonly LoadHub[]
  readonly #agent: Agent

  private constructor(hubs: readonly LoadHub[], agent: Agent) {
    this.hubs = hubs
    this.#agent = agent
  }

  /** Lets the hubs in, as an operator does it, and has them name their pumps. */
  static async open(server: BenchServer, plan: LoadPlan): Promise<Load> {
    await using command = new Program({
      name: 'server claim create',
      args: ['server/main.ts', 'claim', 'create', '--name', 'Load', '--count', String(plan.hubs)],
      env: { DATA_DIR: server.dataDir },
    })
    if ((await command.ended(60_000)) !== 0) throw new Error(`claims: ${command.output.slice(-1000)}`)
    const claims = [...command.output.matchAll(/^(\S+):(\S+)$/gm)]
    const agent = new Agent({ keepAlive: true })
    const entered: LoadHub[] = []
    for (const [place, [, id = '', code = '']] of claims.entries()) {
      const hub = await LoadHub.enrol({ id, code }, place, server.url, plan, agent)
      await hub.begin()
      entered.push(hub)
    }
    return new Load(entered, agent)
  }

  /** Every hub its next batch by turns, `inFlight` of them at a time, for so long. A hub beats every 10 s. */
  async pour(seconds: number, inFlight: number): Promise<Poured> {
    const until = performance.now() + seconds * 1_000
    return await this.#pour(inFlight, () => (performance.now() < until ? Infinity : 0))
  }

  /** Every hub so many samples from its first on. */
  async pourUpTo(samplesPerHub: number, inFlight: number): Promise<Poured> {
    return await this.#pour(inFlight, (hub) => samplesPerHub - hub.samples)
  }

  /** `wanted`: how many samples of a hub are still to be sent. */
  async #pour(inFlight: number, wanted: (hub: LoadHub) => number): Promise<Poured> {
    const begun = performance.now()
    const tookMs: number[] = []
    let stored = 0
    const lane = async (first: number): Promise<void> => {
      let hubs = this.hubs.filter((_hub, place) => place % inFlight === first)
      while (hubs.length > 0) {
        for (const hub of hubs) {
          const most = wanted(hub)
          if (most <= 0) continue
          const answer = await hub.send(most)
          stored += answer.stored
          tookMs.push(answer.tookMs)
        }
        hubs = hubs.filter((hub) => wanted(hub) > 0)
      }
    }
    const beating = this.hubs.map((hub, nth) => this.#beats(hub, nth))
    await Promise.all(Array.from({ length: inFlight }, (_, first) => lane(first)))
    const tookSeconds = (performance.now() - begun) / 1_000
    for (const stop of beating) stop()
    return { stored, perSecond: stored / tookSeconds, batchMs: percentiles(tookMs) }
  }

  /** All samples that were said to be stored since the hubs were let in. */
  get samples(): number {
    return this.hubs.reduce((sum, { samples }) => sum + samples, 0)
  }

  /** Requests that the server wanted later. */
  get putOff(): number {
    return this.hubs.reduce((sum, { putOff }) => sum + putOff, 0)
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  /** On its own, whatever its samples wait for; spread over the interval. */
  #beats(hub: LoadHub, nth: number): () => void {
    let timer: NodeJS.Timeout
    const again = (inMs: number): void => {
      timer = setTimeout(() => {
        again(beatEveryMs)
        hub.beat().catch((error: unknown) => process.emitWarning(String(error)))
      }, inMs)
    }
    again((beatEveryMs * nth) / this.hubs.length)
    return () => clearTimeout(timer)
  }
}
