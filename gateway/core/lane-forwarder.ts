import { maxBatchBytes, maxRecordsPerBatch } from '#domain/uplink/envelope.ts'
import { Backlog } from './backlog.ts'
import { fullJitter, laneBackoff } from './backoff.ts'
import { fitBatch } from './batches.ts'
import { gatewayErrorCode, GatewayError, messageOf, traceOfError } from './errors.ts'
import { Bell, pause } from './waiting.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { Random } from './backoff.ts'
import type { GatewayErrorCode } from './errors.ts'
import type { Outbox, OutboxRecord, OutboxSeq, Uplink } from './ports.ts'

export interface LaneForwarderDeps {
  readonly lane: Lane
  readonly outbox: Pick<Outbox, 'peek' | 'settle' | 'quarantine'>
  readonly uplink: Pick<Uplink, 'deliver'>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  /** Told when the lane's trouble changes; null = delivering again. */
  readonly troubleChanged: (lane: Lane, trouble: LaneTrouble | null) => void
}

export interface LaneTrouble {
  readonly code: GatewayErrorCode
  readonly message: string
  /** Of the exchange; absent: there was none. */
  readonly trace?: string
}

export interface LaneReport {
  readonly delivered: number
  readonly refused: number
  readonly retried: number
  readonly batches: number
  /** Monotonic ms of the last settled record: progress, not socket state, says that a lane works (reliability.md 5). */
  readonly lastSettledMs: number | null
  /** Monotonic ms since which something waits on this lane and nothing gets a verdict; null: nothing waits, or all goes well. */
  readonly waitingSinceMs: number | null
  readonly trouble: LaneTrouble | null
}

export const troubleOf = (code: GatewayErrorCode, error: unknown): LaneTrouble => {
  const trace = traceOfError(error)
  return { code, message: messageOf(error), ...(trace === null ? {} : { trace }) }
}

/** Looks into the outbox at least this often, ms, should a ring be missed. */
const idleMs = 1_000
/** A refused hub tries again this slowly, ms ± 20 %: somebody has to act first. */
const refusedHubMs = 30_000
/** While the server's store is down, each pump's newest sample still goes out this often, ms (reliability.md 1). */
const liveEveryMs = 1_000
/** A batch that failed after so long, ms, may have been too large for the line: the next is half as large. */
const narrowLineMs = 5_000
/** So small a batch passes 16 kbit/s within the time of an exchange. Each that arrives lets the next grow by as much. */
const leastBatchBytes = 16 * 1024
/** Of the newest telemetry, this much is live; the rest is backlog. */
const liveRecords = 100
const livePerBacklog = 4

/** Over as soon as anybody gets through: waiting longer would be of no use. */
const endsByItself: readonly GatewayErrorCode[] = [
  'GW_UPLINK_UNREACHABLE',
  'GW_SERVER_UNPROVEN',
  'GW_UPLINK_HUB_REFUSED',
]

interface Tally {
  readonly settled: number
  readonly retry: number
}

/** Empties one lane for ever, one batch in flight. Nothing leaves the outbox without the server's verdict on that very record. */
export class LaneForwarder {
  readonly #deps: LaneForwarderDeps
  readonly #bell = new Bell()
  readonly #reached = new Bell()
  readonly #backlog: Backlog
  #delivered = 0
  #refused = 0
  #retried = 0
  #batches = 0
  #lastSettledMs: number | null = null
  #waitingSinceMs: number | null = null
  #trouble: LaneTrouble | null = null
  #failures = 0
  #turns = 0
  /** Something may have come since the newest were looked at. */
  #news = true
  #resting = false
  #batchBytes = maxBatchBytes
  /** Newest number that has been sent as live. */
  #liveMark: OutboxSeq = 0
  #liveInRow = 0
  #backlogNotBeforeMs = 0
  #backlogFailures = 0

  constructor(deps: LaneForwarderDeps) {
    this.#deps = deps
    this.#backlog = new Backlog(deps.outbox)
  }

  /** Something new is durable on this lane. */
  wake(): void {
    this.#news = true
    this.#bell.ring()
  }

  /** The server has answered somebody else, or the hub has another key: a lane that could not get through need not wait its back-off out. */
  serverAnswers(): void {
    if (this.#trouble !== null && endsByItself.includes(this.#trouble.code)) this.#reached.ring()
  }

  /** Grows with every look into the outbox and every answer of the server. */
  get turns(): number {
    return this.#turns
  }

  /** It waits before it tries again, perhaps for long: the server asked for it, or does not answer. */
  get resting(): boolean {
    return this.#resting
  }

  report(): LaneReport {
    return {
      delivered: this.#delivered,
      refused: this.#refused,
      retried: this.#retried,
      batches: this.#batches,
      lastSettledMs: this.#lastSettledMs,
      waitingSinceMs: this.#waitingSinceMs,
      trouble: this.#trouble,
    }
  }

  /** Ends only when `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { scheduler } = this.#deps
    while (!signal.aborted) {
      this.#turns += 1
      const sentMs = this.#deps.clock.monotonic()
      try {
        const batch = await this.#choose()
        if (batch.length === 0) {
          this.#waitingSinceMs = null
          this.#backlog.begin()
          await this.#bell.wait(scheduler, this.#idle(), signal)
          this.#news = true
          continue
        }
        this.#waitingSinceMs ??= this.#deps.clock.monotonic()
        const { settled, retry } = await this.#deliver(batch, signal)
        if (settled > 0) this.#waitingSinceMs = null
        if (retry > 0) this.#backlog.begin()
        this.#failures = 0
        this.#batchBytes = Math.min(maxBatchBytes, this.#batchBytes + leastBatchBytes)
        this.#tell(null)
        this.#judge(settled, retry)
        if (settled === 0) await this.#rest(signal)
      } catch (error) {
        if (signal.aborted) return
        this.#backlog.begin()
        this.#failures += 1
        const code = gatewayErrorCode(error) ?? 'GW_UPLINK_UNREACHABLE'
        this.#tell(troubleOf(code, error))
        const tookMs = this.#deps.clock.monotonic() - sentMs
        if (code === 'GW_UPLINK_UNREACHABLE' && tookMs >= narrowLineMs)
          this.#batchBytes = Math.max(leastBatchBytes, this.#batchBytes / 2)
        const delay = this.#delayAfter(error)
        this.#resting = true
        await (endsByItself.includes(code)
          ? this.#reached.wait(scheduler, delay, signal)
          : pause(scheduler, delay, signal))
        this.#resting = false
      }
    }
  }

  /** Alarms: oldest first, the whole lane. Telemetry: what is new since the last look, then the backlog, 4 : 1. */
  async #choose(): Promise<readonly OutboxRecord[]> {
    const { lane, outbox, clock } = this.#deps
    if (lane === 'alarm') return fitBatch(await outbox.peek('alarm', maxRecordsPerBatch, 'oldest'), this.#batchBytes)
    const backlogAllowed = clock.monotonic() >= this.#backlogNotBeforeMs
    if (this.#news && (this.#liveInRow < livePerBacklog || !backlogAllowed)) {
      this.#news = false
      const newest = await outbox.peek('telemetry', liveRecords, 'newest')
      const live = newest.filter(({ seq }) => seq > this.#liveMark)
      if (live.length > 0) {
        this.#news = true
        this.#liveInRow += 1
        // Within a batch in the order it happened.
        const batch = fitBatch(live, this.#batchBytes).toReversed()
        this.#liveMark = Math.max(...batch.map(({ seq }) => seq))
        this.#backlog.leave(Math.min(...batch.map(({ seq }) => seq)))
        return batch
      }
    }
    this.#liveInRow = 0
    return backlogAllowed ? await this.#backlog.next(this.#batchBytes) : []
  }

  /** Sends a batch; one that is refused whole is halved until the record is found. */
  async #deliver(batch: readonly OutboxRecord[], signal: AbortSignal): Promise<Tally> {
    const { lane, outbox, uplink } = this.#deps
    let verdicts: readonly Verdict[]
    try {
      verdicts = await uplink.deliver(lane, batch, signal)
    } catch (error) {
      if (gatewayErrorCode(error) !== 'GW_UPLINK_BATCH_REFUSED') throw error
      const [first] = batch
      if (first === undefined) return { settled: 0, retry: 0 }
      if (batch.length === 1) {
        this.#refused += 1
        await outbox.quarantine(first.seq, messageOf(error))
        return { settled: 1, retry: 0 }
      }
      const middle = Math.ceil(batch.length / 2)
      const left = await this.#deliver(batch.slice(0, middle), signal)
      const right = await this.#deliver(batch.slice(middle), signal)
      return { settled: left.settled + right.settled, retry: left.retry + right.retry }
    }
    this.#batches += 1
    this.#turns += 1
    return this.#obey(batch, verdicts)
  }

  async #obey(batch: readonly OutboxRecord[], verdicts: readonly Verdict[]): Promise<Tally> {
    const { outbox, clock } = this.#deps
    if (verdicts.length !== batch.length)
      throw new GatewayError('GW_UPLINK_BAD_REPLY', `${verdicts.length} verdicts for ${batch.length} records`)
    const stored: OutboxSeq[] = []
    let refused = 0
    let retry = 0
    for (const [index, record] of batch.entries()) {
      const verdict = verdicts[index]
      // A verdict counts for the number it names; 0 stands for "this place", where the server could read no number.
      if (
        verdict === undefined ||
        (verdict.seq !== record.seq && !(verdict.seq === 0 && verdict.verdict === 'refused'))
      )
        throw new GatewayError('GW_UPLINK_BAD_REPLY', 'a verdict names another record than the one in its place')
      switch (verdict.verdict) {
        case 'stored':
          stored.push(record.seq)
          break
        case 'refused':
          refused += 1
          await outbox.quarantine(record.seq, `refused: ${verdict.reason}`)
          break
        case 'retry':
          retry += 1
          break
      }
    }
    await outbox.settle(stored)
    this.#delivered += stored.length
    this.#refused += refused
    this.#retried += retry
    if (stored.length + refused > 0) this.#lastSettledMs = clock.monotonic()
    return { settled: stored.length + refused, retry }
  }

  /** The server stores nothing now: its live picture still gets what is new, the backlog waits with full jitter. */
  #judge(settled: number, retry: number): void {
    const { lane, clock, random } = this.#deps
    if (retry === 0 || settled > 0) {
      this.#backlogFailures = 0
      this.#backlogNotBeforeMs = 0
      return
    }
    this.#backlogFailures += 1
    this.#backlogNotBeforeMs = clock.monotonic() + fullJitter(laneBackoff[lane], this.#backlogFailures, random)
  }

  async #rest(signal: AbortSignal): Promise<void> {
    const { lane, scheduler, clock } = this.#deps
    const untilBacklog = Math.max(0, this.#backlogNotBeforeMs - clock.monotonic())
    this.#resting = true
    await pause(scheduler, lane === 'alarm' ? untilBacklog : liveEveryMs, signal)
    this.#resting = false
  }

  #idle(): number {
    const untilBacklog = this.#backlogNotBeforeMs - this.#deps.clock.monotonic()
    return untilBacklog > 0 ? Math.min(idleMs, untilBacklog) : idleMs
  }

  #delayAfter(error: unknown): number {
    const { lane, random } = this.#deps
    const code = gatewayErrorCode(error)
    if (code === 'GW_UPLINK_HUB_REFUSED') return refusedHubMs * (0.8 + 0.4 * random())
    const own = fullJitter(laneBackoff[lane], this.#failures, random)
    const asked = error instanceof GatewayError ? error.retryAfterMs : null
    if (asked === null) return own
    // Whatever stands in between may ask for an hour; an alarm waits no longer than it would for a server that is away.
    return Math.max(own, lane === 'alarm' ? Math.min(asked, laneBackoff.alarm.maxMs) : asked)
  }

  #tell(trouble: LaneTrouble | null): void {
    if (trouble?.code === this.#trouble?.code) {
      this.#trouble = trouble
      return
    }
    this.#trouble = trouble
    this.#deps.troubleChanged(this.#deps.lane, trouble)
  }
}
