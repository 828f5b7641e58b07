import type { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { PumpId } from '#domain/ids.ts'
import { maxBatchBytes, maxRecordsPerBatch } from '#domain/uplink/envelope.ts'
import type { Condition } from '#domain/uplink/records.ts'
import type { BatchReply } from '#domain/uplink/verdicts.ts'
import { loadPumpReport } from '#simulators/core/load/load-samples.ts'
import { SigningHub } from '#test/support/signing-hub.ts'
import { posted } from './posted.ts'
import { loadPumpId, readingOf, sampleWith } from './load-points.ts'
import type { LoadPlan } from './load-points.ts'
import type { Claim } from './bench-server.ts'

/** How long a batch took to be answered, and how many samples of it are stored. */
export interface Answer {
  readonly stored: number
  readonly tookMs: number
}

/** A text with the place of a value wherever it differs from sample to sample. */
type Pattern = readonly (string | number)[]

/** No number of a sample begins like these. */
const mark = (place: number): number => 987_650_000 + place
const markText = /(98765000\d)/

const patternOf = (text: string): Pattern =>
  text.split(markText).map((part) => (markText.test(part) ? Number(part) - mark(0) : part))

const filled = (pattern: Pattern, values: readonly number[]): string => {
  let text = ''
  for (const part of pattern) text += typeof part === 'string' ? part : String(values[part])
  return text
}

const hubsPerAddress = 20
const addressOf = (place: number): string => `127.0.1.${1 + Math.floor(place / hubsPerAddress)}`
const anchorErrorMs = 10
const againMs = 200

/**
 * A hub that sends what a load plan says, as fast as it is answered, in batches as full as the protocol lets them be. It numbers and signs
 * as a real one does; its texts are made from patterns, because a real hub has a computer of its own.
 */
export class LoadHub {
  readonly #hub: SigningHub
  readonly #server: URL
  readonly #plan: LoadPlan
  readonly #agent: Agent
  readonly #from: string
  readonly #pumps: readonly { readonly id: PumpId; readonly record: Pattern }[]
  readonly #perBatch: number
  #seq = 0
  #samples = 0
  #putOff = 0

  private constructor(hub: SigningHub, place: number, server: string, plan: LoadPlan, agent: Agent) {
    this.#hub = hub
    this.#from = addressOf(place)
    this.#server = new URL(server)
    this.#plan = plan
    this.#agent = agent
    this.#pumps = Array.from({ length: plan.pumpsPerHub }, (_, pump) => {
      const id = loadPumpId(place, pump, plan.prefix)
      return { id, record: patternOf(JSON.stringify(recordOf(id, hub.bootId))) }
    })
    const longest = this.#record(1e6, 1e9).length + 16
    this.#perBatch = Math.min(maxRecordsPerBatch, Math.floor((maxBatchBytes - 1_024) / longest))
  }

  /** The `place`th hub of a load, let in by this claim. */
  static async enrol(claim: Claim, place: number, server: string, plan: LoadPlan, agent: Agent): Promise<LoadHub> {
    const hub = new SigningHub()
    const ask = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const options = { agent, from: addressOf(place), headers: { 'content-type': 'application/json' } }
      const { status, text } = await posted(new URL(path, server), JSON.stringify(body), options)
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`)
      return Object(JSON.parse(text))
    }
    const { nonce } = await ask('/hub/v1/enrol-nonce', { v: 1, claimId: claim.id })
    const { keyId } = await ask('/hub/v1/enrol', hub.enrolment(claim.id, claim.code, String(nonce)))
    hub.keyId = String(keyId)
    return new LoadHub(hub, place, server, plan, agent)
  }

  /** Samples that the server said are stored, and those that are on their way. */
  get samples(): number {
    return this.#samples
  }

  /** Requests that the server wanted later, as a whole or in its verdicts. */
  get putOff(): number {
    return this.#putOff
  }

  /** First of all: a sign of life that names the pumps, and the list of alarms of each, which is empty. */
  async begin(): Promise<void> {
    await this.beat()
    const body = { reason: 'hub-started', alarms: [], measurementStatus: ['demo'] }
    await this.#post('alarm', this.#batch(this.#pumps.map(({ id }) => this.#onAlarmLane('snapshot', id, body))))
  }

  async alarm(pumpId: PumpId, body: Condition): Promise<void> {
    await this.#post('alarm', this.#batch([this.#onAlarmLane('condition', pumpId, body)]))
  }

  async beat(): Promise<void> {
    const lane = { rows: 0, oldestAgeMs: null }
    const body = {
      v: 1,
      bootId: this.#hub.bootId,
      monotonicMs: this.#monotonicMs(),
      wallAt: Date.now(),
      clockQuality: 'ntp',
      anchor: this.#anchor(),
      versions: { gateway: 'bench', node: process.versions.node },
      manifest: this.#seq === 0 ? null : { firstSeq: 1, lastSeq: this.#seq },
      outbox: { alarm: lane, telemetry: lane, quarantined: 0, tombstoned: 0, diskFreeBytes: null },
      ports: [],
      pumps: this.#pumps.map(({ id }) => loadPumpReport(id, this.#plan.everyMs)),
    }
    await this.#post('heartbeat', JSON.stringify(body))
  }

  /** The next samples, as many as fit and at most `most`. Sent until the server says of every one that it is stored; rejects at a refusal. */
  async send(most = Infinity): Promise<Answer> {
    const records = Array.from({ length: Math.min(this.#perBatch, most) }, () => {
      this.#seq += 1
      this.#samples += 1
      return this.#record(this.#samples - 1, this.#seq)
    })
    const body = this.#batch(records)
    const begun = performance.now()
    for (;;) {
      const { verdicts } = JSON.parse(await this.#post('telemetry', body)) as BatchReply
      const wrong = verdicts.find(({ verdict }) => verdict !== 'stored')
      if (verdicts.length === records.length && wrong === undefined) break
      if (wrong?.verdict !== 'retry') throw new Error(`a sample was not stored: ${JSON.stringify(wrong)}`)
      this.#putOff += 1
      await pause(againMs)
    }
    return { stored: records.length, tookMs: performance.now() - begun }
  }

  #onAlarmLane(kind: 'snapshot' | 'condition', pumpId: PumpId, body: object): string {
    this.#seq += 1
    const { bootId } = this.#hub
    const stamp = { seq: this.#seq, bootId, monotonicMs: this.#monotonicMs(), wallAt: Date.now(), clockQuality: 'ntp' }
    return JSON.stringify({ ...stamp, lane: 'alarm', kind, pumpId, body })
  }

  #monotonicMs(): number {
    return Math.max(0, Date.now() - this.#plan.from)
  }

  #record(nth: number, seq: number): string {
    const pump = this.#pumps[nth % this.#pumps.length]
    if (pump === undefined) throw new Error('a hub without pumps')
    const sampleNo = Math.floor(nth / this.#pumps.length)
    const monotonicMs = sampleNo * this.#plan.everyMs + 1
    const { infusedTotalMl, linePressureMmHg } = readingOf(sampleNo)
    return filled(pump.record, [seq, monotonicMs, this.#plan.from + monotonicMs, infusedTotalMl, linePressureMmHg])
  }

  #anchor() {
    return { monotonicMs: 0, serverAt: Math.round(this.#plan.from), errorMs: anchorErrorMs }
  }

  #batch(records: readonly string[]): string {
    const head = JSON.stringify({ v: 1, bootId: this.#hub.bootId, anchor: this.#anchor() })
    return `${head.slice(0, -1)},"records":[${records.join(',')}]}`
  }

  /** A hub that is asked to wait does so, and signs anew. */
  async #post(lane: 'alarm' | 'telemetry' | 'heartbeat', body: string): Promise<string> {
    const url = new URL(`/hub/v1/${lane}`, this.#server)
    for (;;) {
      const { headers } = this.#hub.request(url.pathname, body, Date.now(), { authority: url.host })
      const { status, retryAfterS, text } = await posted(url, body, { agent: this.#agent, from: this.#from, headers })
      if (status === 200) return text
      if (retryAfterS === null) throw new Error(`${lane} answered ${status}: ${text.slice(0, 300)}`)
      this.#putOff += 1
      await pause(retryAfterS * 1_000)
    }
  }
}

const recordOf = (pumpId: PumpId, bootId: string) => ({
  seq: mark(0),
  bootId,
  monotonicMs: mark(1),
  wallAt: mark(2),
  clockQuality: 'ntp',
  lane: 'telemetry',
  kind: 'telemetry',
  pumpId,
  body: sampleWith(pumpId, { infusedTotalMl: mark(3), linePressureMmHg: mark(4) }),
})
