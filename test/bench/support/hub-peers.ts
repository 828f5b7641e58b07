import { Agent, request } from 'node:http'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { SigningHub } from '#test/support/signing-hub.ts'
import { batch, condition, telemetry } from '#test/support/uplink-records.ts'
import { steadily, Timings } from './timings.ts'

const batchesPerSecond = 10
const recordsPerBatch = 10

/** Hubs that behave: each sends ten batches of samples a second, and an alarm that begins and ends as often. */
export class HubPeers {
  readonly acknowledged = new Timings()
  /** From the hub's request to an open wall. */
  readonly shown = new Timings()
  /** Batches that got another answer than 200, by lane. */
  readonly turnedAway = { alarm: 0, telemetry: 0 }
  readonly #stop = new AbortController()
  readonly #agent = new Agent({ keepAlive: true })
  readonly #awaited = new Map<string, number>()
  readonly #url: URL

  constructor(url: string) {
    this.#url = new URL(url)
  }

  /** What a wall was told. */
  saw = ({ pumpId }: AlarmView): void => {
    const at = this.#awaited.get(String(pumpId))
    if (at === undefined) return
    this.#awaited.delete(String(pumpId))
    this.shown.took(at)
  }

  start(hubs: readonly SigningHub[]): void {
    for (const [place, hub] of hubs.entries()) {
      const pumpId = PumpId.parse(`PEER-${place}`)
      const { signal } = this.#stop
      // A boot numbers what it says across both lanes.
      let seq = 0
      void steadily(batchesPerSecond, signal, async (_nth, from) => {
        const records = Array.from({ length: recordsPerBatch }, () => telemetry((seq += 1), { pumpId }))
        await this.#send(hub, 'telemetry', records, from)
      })
      void steadily(batchesPerSecond, signal, async (nth, from) => {
        const { body, ...record } = condition((seq += 1), { pumpId })
        const episodeId = EpisodeId.parse(`peer-${place}`)
        const phase = nth % 2 === 0 ? { phase: 'start', state: 'active' } : { phase: 'end', state: 'inactive' }
        this.#awaited.set(pumpId, from)
        await this.#send(hub, 'alarm', [{ ...record, body: { ...body, ...phase, episodeId } }], from)
      })
    }
  }

  #send(hub: SigningHub, lane: 'alarm' | 'telemetry', records: readonly unknown[], from: number): Promise<void> {
    const path = `/hub/v1/${lane}`
    const { headers, payload } = hub.request(path, batch(records), Date.now(), { authority: this.#url.host })
    const { hostname: host, port } = this.#url
    return new Promise((resolve) => {
      const done = (status: number): void => {
        if (status !== 200 && !this.#stop.signal.aborted) this.turnedAway[lane] += 1
        else this.acknowledged.took(from)
        resolve()
      }
      const asked = request({ host, port, path, method: 'POST', headers, agent: this.#agent }, (answer) => {
        answer.resume()
        answer.once('end', () => done(answer.statusCode ?? 0))
      })
      asked.once('error', () => done(0))
      asked.end(payload)
    })
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    this.#agent.destroy()
  }
}
