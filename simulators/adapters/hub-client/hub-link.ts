import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { HeartbeatReply, uplinkVersion, type Anchor, type PumpReport } from '#domain/uplink/envelope.ts'
import { BatchReply, type Verdict } from '#domain/uplink/verdicts.ts'
import { laneDelay } from '../../core/hub/backoff.ts'
import { LaneQueue, type Settled } from '../../core/hub/lane-queue.ts'
import type { BootId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord } from '../../core/hub/record-bodies.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { HubKey } from './hub-key.ts'

/** One answered, or failed, try to deliver a batch. */
export interface Attempt {
  readonly lane: Lane
  /** 0: no answer. */
  readonly status: number
  /** The problem's code; null: none was told. */
  readonly code: string | null
  readonly tookMs: number
  readonly records: number
}

export interface HubLinkOptions<Source> {
  readonly server: URL
  readonly bootId: BootId
  readonly key: HubKey
  readonly keyId: string
  readonly clock: Clock
  readonly random: () => number
  /** Most telemetry records that wait; older ones make room. */
  readonly mostWaiting: number
  /** How long telemetry gathers before it is sent, ms; alarms never wait. */
  readonly gatherMs: number
  readonly pumps: () => readonly PumpReport[]
  /** The server wants the full list of these pumps. */
  readonly listsWanted: (pumpIds: readonly string[]) => void
  readonly settled: (settled: Settled<Source>) => void
  readonly tried: (attempt: Attempt) => void
}

const heartbeatEveryMs = 10_000
/** A hub that is refused as a whole tries again this slowly. */
const refusedMs = 30_000

const Problem = z.object({ code: z.string() })

/** A hub that speaks to a server: numbered records in two lanes, heartbeats, verdicts obeyed, everything tried again. */
export class HubLink<Source> {
  readonly #options: HubLinkOptions<Source>
  readonly #queues: Readonly<Record<Lane, LaneQueue<Source>>>
  readonly #exchanges: Readonly<Record<Lane | 'heartbeat', Exchange>>
  readonly #wake: Record<Lane, () => void> = { alarm: () => {}, telemetry: () => {} }
  readonly #startedMs: number
  #seq = 0
  #attempt = 0
  #anchor: Anchor | null = null

  constructor(options: HubLinkOptions<Source>, exchanges: Readonly<Record<Lane | 'heartbeat', Exchange>>) {
    this.#options = options
    this.#exchanges = exchanges
    this.#queues = { alarm: new LaneQueue(Infinity), telemetry: new LaneQueue(options.mostWaiting) }
    this.#startedMs = options.clock.monotonic()
  }

  get waiting(): number {
    return this.#queues.alarm.length + this.#queues.telemetry.length
  }

  get dropped(): number {
    return this.#queues.telemetry.dropped
  }

  append(record: NewRecord, source: Source): void {
    this.#seq += 1
    const { bootId, clock } = this.#options
    const stamp = { seq: this.#seq, bootId, monotonicMs: this.#monotonicMs(), wallAt: clock.now() }
    const text = JSON.stringify({ ...stamp, clockQuality: 'ntp', ...record })
    this.#queues[record.lane].push({ seq: this.#seq, text, source })
    this.#wake[record.lane]()
  }

  /** Ends when `signal` aborts. The first exchange is a heartbeat, so that the boot has an anchor. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#beat(signal)
    await Promise.all([this.#beats(signal), this.#sends('alarm', signal), this.#sends('telemetry', signal)])
  }

  #monotonicMs(): number {
    return this.#options.clock.monotonic() - this.#startedMs
  }

  async #beats(signal: AbortSignal): Promise<void> {
    while (await rested(heartbeatEveryMs, signal)) await this.#beat(signal)
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { bootId, clock, pumps, listsWanted } = this.#options
    const depth = (lane: Lane) => ({ rows: this.#queues[lane].length, oldestAgeMs: null })
    const body = {
      v: uplinkVersion,
      bootId,
      monotonicMs: this.#monotonicMs(),
      wallAt: clock.now(),
      clockQuality: 'ntp',
      anchor: this.#anchor,
      versions: { gateway: 'simulators', node: process.versions.node },
      manifest: this.#seq === 0 ? null : { firstSeq: 1, lastSeq: this.#seq },
      outbox: {
        alarm: depth('alarm'),
        telemetry: depth('telemetry'),
        quarantined: 0,
        tombstoned: this.dropped,
        diskFreeBytes: null,
      },
      ports: [],
      pumps: pumps(),
    }
    const reply = await this.#post('heartbeat', JSON.stringify(body), signal).catch(() => null)
    const read = HeartbeatReply.safeParse(reply?.body)
    if (read.success && read.data.snapshotsWanted.length > 0) listsWanted(read.data.snapshotsWanted)
  }

  async #sends(lane: Lane, signal: AbortSignal): Promise<void> {
    const queue = this.#queues[lane]
    let failures = 0
    while (!signal.aborted) {
      if (queue.length === 0) {
        await this.#filled(lane, signal)
        if (lane === 'telemetry' && this.#options.gatherMs > 0) await rested(this.#options.gatherMs, signal)
        continue
      }
      const outcome = await this.#send(lane, signal)
      if (outcome === 'went-well') failures = 0
      else {
        failures += 1
        await rested(outcome ?? laneDelay(lane, failures, this.#options.random), signal)
      }
    }
  }

  /** How long the server wants us to wait, ms; null: it did not say. */
  async #send(lane: Lane, signal: AbortSignal): Promise<'went-well' | number | null> {
    const { bootId, clock, settled, tried } = this.#options
    const queue = this.#queues[lane]
    const batch = queue.batch()
    const head = JSON.stringify({ v: uplinkVersion, bootId, anchor: this.#anchor })
    const body = `${head.slice(0, -1)},"records":[${batch.map(({ text }) => text).join(',')}]}`
    const sentMs = clock.monotonic()
    const reply = await this.#post(lane, body, signal).catch(() => null)
    if (signal.aborted) return null
    const problem = Problem.safeParse(reply?.body)
    const status = reply?.status ?? 0
    const tookMs = clock.monotonic() - sentMs
    tried({ lane, status, code: problem.data?.code ?? null, tookMs, records: batch.length })
    if (status === 401 || status === 403) return refusedMs
    const read = BatchReply.safeParse(reply?.body)
    const verdicts =
      status === 200 && read.success ? read.data.verdicts : verdictsOnWhole(batch, status, problem.data?.code)
    const done = queue.settle(batch, verdicts)
    for (const one of done) settled(one)
    return done.length > 0 ? 'went-well' : (reply?.retryAfterMs ?? null)
  }

  async #filled(lane: Lane, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const ended = (): void => resolve()
    this.#wake[lane] = ended
    signal.addEventListener('abort', ended)
    await promise
    signal.removeEventListener('abort', ended)
  }

  async #post(to: Lane | 'heartbeat', body: string, signal: AbortSignal): Promise<Reply> {
    const { server, bootId, key, keyId, clock } = this.#options
    const url = new URL(`/hub/v1/${to}`, server)
    const bytes = Buffer.from(body)
    this.#attempt += 1
    const params = { created: Math.floor(clock.now() / 1000), nonce: `${bootId}:${this.#attempt}`, keyId }
    const sentMs = this.#monotonicMs()
    const reply = await this.#exchanges[to].post(url, key.headers(url, bytes, params), bytes, signal)
    const time = z.object({ serverTime: z.int() }).safeParse(reply.body)
    const errorMs = (this.#monotonicMs() - sentMs) / 2
    if (reply.status === 200 && time.success && (this.#anchor === null || errorMs <= this.#anchor.errorMs))
      this.#anchor = { monotonicMs: sentMs + errorMs, serverAt: time.data.serverTime, errorMs }
    return reply
  }
}

/** A batch that is refused as a whole is poison, as far as a simulated hub goes: tried again it would stand in the way for ever. */
const verdictsOnWhole = (
  batch: readonly { readonly seq: number }[],
  status: number,
  code = 'refused',
): readonly Verdict[] =>
  status === 400 || status === 413 || status === 422
    ? batch.map(({ seq }) => ({ seq, verdict: 'refused', reason: code }))
    : []

/** False: told to stop. */
const rested = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await pause(ms, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
