import { BootId, type HubId } from '#domain/ids.ts'
import type { Clock, Instant, Scheduler } from '#domain/time.ts'
import type { Batch } from '#domain/uplink/envelope.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import { parseRecords, type ParsedRecord } from './batch-records.ts'
import { Dating } from './dating.ts'
import { isServerError } from './errors.ts'
import { KeyedQueue } from './keyed-queue.ts'
import type {
  AlarmIntake,
  AlarmJournal,
  DatedRecord,
  IngestObserver,
  ReceiptBook,
  ReceivedKey,
  RefusedKey,
  SampleSink,
  StoredSample,
  TelemetryPoint,
  TelemetryStore,
} from './ports.ts'
import type { SnapshotRequests } from './snapshot-requests.ts'
import { TelemetryWriter } from './telemetry-writer.ts'

export interface IngestDependencies {
  readonly receipts: ReceiptBook
  /** Commits the numbers of stored telemetry; alarm records are committed by `alarms`. */
  readonly journal: Pick<AlarmJournal, 'commit'>
  readonly alarms: AlarmIntake
  readonly samples: SampleSink
  readonly snapshots: Pick<SnapshotRequests, 'arrived'>
  readonly store: Pick<TelemetryStore, 'write'>
  readonly observer: IngestObserver
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Digest of a text, for telling a repetition from a forgery. */
  readonly hash: (text: string) => string
  /** Policy: a record older than this on arrival is late. */
  readonly lateAfterMs: number
}

/** One batch in work per hub and lane and a few behind it; a hub sends one at a time. */
const batchesPerLane = 4
/** Deliveries of the same records that may overtake each other before a batch is given back. */
const mostRaces = 3

type Parsed = Extract<ParsedRecord, { ok: true }>
/** A record that has not been seen before, with every place of the batch it stands at. */
interface Fresh extends Parsed {
  readonly places: number[]
}
type Verdicts = Map<number, Verdict>

/**
 * Takes batches of verified hubs and answers one verdict per record, after the durable write and never before (reliability.md 8).
 * Any permutation, repetition or interleaving of batches leaves the same records stored, each once and with one date.
 */
export class Ingest {
  readonly dating: Dating
  readonly #deps: IngestDependencies
  readonly #lanes = new KeyedQueue(batchesPerLane)
  readonly #telemetry: TelemetryWriter
  #telemetryInWork = 0

  constructor(deps: IngestDependencies) {
    this.#deps = deps
    this.dating = new Dating(deps.receipts, deps.lateAfterMs)
    this.#telemetry = new TelemetryWriter(deps.store, deps.observer, deps.clock, deps.scheduler)
  }

  /** Batches of samples that have come and are not answered. */
  get telemetryInWork(): number {
    return this.#telemetryInWork
  }

  /** Rejects with `SRV_JOURNAL_UNAVAILABLE` (nothing of the batch is acknowledged) or `SRV_BUSY`. */
  async accept(hubId: HubId, lane: Lane, batch: Batch, receivedAt: Instant): Promise<readonly Verdict[]> {
    if (lane !== 'telemetry') return this.#accept(hubId, lane, batch, receivedAt)
    this.#telemetryInWork += 1
    try {
      return await this.#accept(hubId, lane, batch, receivedAt)
    } finally {
      this.#telemetryInWork -= 1
    }
  }

  async #accept(hubId: HubId, lane: Lane, batch: Batch, receivedAt: Instant): Promise<readonly Verdict[]> {
    return this.#lanes.run(`${hubId}/${lane}`, async () => {
      const records = parseRecords(lane, batch.records, this.#deps.hash)
      const verdicts: Verdicts = new Map()
      const parsed: Parsed[] = []
      for (const record of records)
        if (record.ok) parsed.push(record)
        else verdicts.set(record.index, { seq: record.seq, verdict: 'refused', reason: record.reason })
      for (let race = 1; !(await this.#store(hubId, lane, batch, parsed, receivedAt, verdicts)); race += 1)
        if (race >= mostRaces) break
      const answers = records.map(
        ({ index }) => verdicts.get(index) ?? ({ seq: 0, verdict: 'retry', reason: 'raced' } as const),
      )
      this.#count(hubId, lane, answers)
      const refused = refusedKeys(batch, answers)
      if (refused.length > 0) await this.#deps.receipts.refuse(hubId, refused)
      return answers
    })
  }

  /** False when another delivery of the same records was faster: what it committed is known now, so the batch is sorted again. */
  async #store(
    hubId: HubId,
    lane: Lane,
    batch: Batch,
    parsed: readonly Parsed[],
    receivedAt: Instant,
    verdicts: Verdicts,
  ): Promise<boolean> {
    const fresh = await this.#sortOut(hubId, parsed, verdicts)
    if (fresh.length === 0) return true
    const dated = await this.dating.date(
      hubId,
      batch,
      fresh.map(({ record }) => record),
      receivedAt,
    )
    try {
      const answers =
        lane === 'alarm' ? await this.#takeAlarms(hubId, dated, fresh) : await this.#takeTelemetry(hubId, dated, fresh)
      for (const [place, verdict] of answers.entries())
        for (const index of fresh[place]?.places ?? []) verdicts.set(index, verdict)
      return true
    } catch (error) {
      if (isServerError(error, 'SRV_ALREADY_RECEIVED')) return false
      throw error
    }
  }

  /** Answers what is known or forged, and gives back the rest: each key once, in the order of its numbers. */
  async #sortOut(hubId: HubId, parsed: readonly Parsed[], verdicts: Verdicts): Promise<readonly Fresh[]> {
    const states = await this.#deps.receipts.lookup(
      hubId,
      parsed.map(({ key }) => key),
    )
    const fresh = new Map<string, Fresh>()
    for (const [place, record] of parsed.entries()) {
      const { bootId, seq, hash } = record.key
      const twin = fresh.get(`${bootId}/${seq}`)
      if (twin !== undefined && twin.key.hash === hash) twin.places.push(record.index)
      else if (twin !== undefined || states[place] === 'forged') {
        this.#deps.observer.forged(hubId, bootId, seq)
        verdicts.set(record.index, { seq, verdict: 'refused', reason: 'forged' })
      } else if (states[place] === 'known') verdicts.set(record.index, { seq, verdict: 'stored' })
      else fresh.set(`${bootId}/${seq}`, { ...record, places: [record.index] })
    }
    return [...fresh.values()].toSorted((a, b) => a.record.seq - b.record.seq)
  }

  async #takeAlarms(hubId: HubId, dated: readonly DatedRecord[], fresh: readonly Fresh[]): Promise<readonly Verdict[]> {
    await this.#deps.alarms.take(
      hubId,
      dated,
      fresh.map(({ key }) => key),
    )
    for (const { record } of fresh) if (record.kind === 'snapshot') this.#deps.snapshots.arrived(hubId, record.pumpId)
    return fresh.map(({ record }) => ({ seq: record.seq, verdict: 'stored' }))
  }

  /** Live picture first, then the store, then the numbers: a crash in between repeats the write onto the same points. */
  async #takeTelemetry(
    hubId: HubId,
    dated: readonly DatedRecord[],
    fresh: readonly Fresh[],
  ): Promise<readonly Verdict[]> {
    this.#deps.samples.take(dated)
    const outcome = await this.#telemetry.write(dated.flatMap(toPoint))
    if (outcome.kind === 'retry')
      return fresh.map(({ record }) => ({ seq: record.seq, verdict: 'retry', reason: 'store-unavailable' }))
    const refused = new Map(outcome.refused.map(({ index, reason }) => [index, reason]))
    const received: ReceivedKey[] = fresh.filter((_, place) => !refused.has(place)).map(({ key }) => key)
    const stored = dated.filter((_, place) => !refused.has(place)).flatMap(toStored)
    if (received.length > 0)
      await this.#deps.journal.commit({ at: this.#deps.clock.now(), appends: [], hubId, received, records: [], stored })
    return fresh.map(({ record: { seq } }, place) => {
      const reason = refused.get(place)
      return reason === undefined ? { seq, verdict: 'stored' } : { seq, verdict: 'refused', reason: `store: ${reason}` }
    })
  }

  #count(hubId: HubId, lane: Lane, verdicts: readonly Verdict[]): void {
    const refused = verdicts.filter((verdict) => verdict.verdict === 'refused')
    for (const [reason, ofReason] of Map.groupBy(refused, (verdict) => verdict.reason))
      this.#deps.observer.refused(hubId, lane, reason, ofReason.length)
  }
}

/** A thinned record is a point of its own: the means, at the time of its last sample. The live picture never sees it. */
const toPoint = ({ hubId, record, occurredAt, late }: DatedRecord): readonly TelemetryPoint[] => {
  if (record.kind !== 'telemetry' && record.kind !== 'thinned') return []
  const { pumpId, bootId, seq } = record
  const sample = record.kind === 'telemetry' ? record.body : record.body.sample
  return [{ hubId, pumpId, bootId, seq, occurredAt, late, sample }]
}

const toStored = ({ record, occurredAt, late }: DatedRecord): readonly StoredSample[] => {
  if (record.kind !== 'telemetry' && record.kind !== 'thinned') return []
  const { pumpId, bootId, seq } = record
  return [{ pumpId, at: occurredAt, bootId, seq, late, of: record.kind === 'thinned' ? record.body.of.count : 0 }]
}

/** Which numbers will never be stored. A forged one is: as it came first. */
const refusedKeys = ({ records }: Batch, answers: readonly Verdict[]): readonly RefusedKey[] =>
  answers.flatMap((answer, index) => {
    if (answer.verdict !== 'refused' || answer.reason === 'forged' || answer.seq === 0) return []
    const raw = records[index]
    const bootId = BootId.safeParse(typeof raw === 'object' && raw !== null && 'bootId' in raw ? raw.bootId : null)
    return bootId.success ? [{ bootId: bootId.data, seq: answer.seq }] : []
  })
