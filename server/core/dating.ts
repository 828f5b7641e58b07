import type { BootId, HubId } from '#domain/ids.ts'
import type { Instant } from '#domain/time.ts'
import type { Anchor } from '#domain/uplink/envelope.ts'
import { measuredAt, measuredSeq } from '#domain/uplink/records.ts'
import type { UplinkRecord } from '#domain/uplink/records.ts'
import type { SpeakingBoot } from './boot-order.ts'
import { KeyedQueue } from './keyed-queue.ts'
import type { DatedRecord, ReceiptBook } from './ports.ts'
import { dateOf, frozenUpTo, withAnchor, type BootTimeline } from './timeline.ts'

/** The boot that sends, and the newest anchor it has. */
export interface Sender {
  readonly bootId: BootId
  readonly anchor: Anchor | null
  readonly manifest?: { readonly firstSeq: number } | null
  readonly earlierBoots?: readonly BootId[] | null | undefined
}

/** Gives records their place in server time. Timelines of one hub change one at a time and are durable before a date leaves here. */
export class Dating {
  readonly #receipts: ReceiptBook
  readonly #lateAfterMs: number
  readonly #perHub = new KeyedQueue(100)

  constructor(receipts: ReceiptBook, lateAfterMs: number) {
    this.#receipts = receipts
    this.#lateAfterMs = lateAfterMs
  }

  /** For a heartbeat: the boot's place among its hub's boots, and an anchor without records. */
  async takeAnchor(hubId: HubId, sender: Sender, receivedAt: Instant): Promise<void> {
    await this.#perHub.run(hubId, async () => {
      await this.#receipts.numberings(hubId, speaking(sender, sender.manifest?.firstSeq ?? null), [])
      const timeline = await this.#receipts.timeline(hubId, sender.bootId)
      const next = sender.anchor === null ? timeline : withAnchor(timeline, sender.anchor, receivedAt)
      if (next !== timeline) await this.#receipts.putTimeline(hubId, sender.bootId, next)
    })
  }

  async date(
    hubId: HubId,
    sender: Sender,
    records: readonly UplinkRecord[],
    receivedAt: Instant,
  ): Promise<readonly DatedRecord[]> {
    const { numberings, timelines } = await this.#perHub.run(hubId, async () => {
      const boots = records.flatMap((record) => [record.bootId, measuredAt(record).bootId])
      const placed = await this.#receipts.numberings(hubId, speaking(sender, lowestOf(sender, records)), boots)
      const frozen = new Map<BootId, BootTimeline>()
      for (const [bootId, ofBoot] of Map.groupBy(records, (record) => measuredAt(record).bootId))
        frozen.set(bootId, await this.#freeze(hubId, bootId, sender, ofBoot, receivedAt))
      return { numberings: placed, timelines: frozen }
    })
    return records.flatMap((record) => {
      const { bootId, monotonicMs } = measuredAt(record)
      const timeline = timelines.get(bootId)
      if (timeline === undefined) return []
      const { occurredAt, uncertaintyMs } = dateOf(timeline, monotonicMs)
      const numbering = numberings.get(record.bootId) ?? 0
      const late = receivedAt - occurredAt > this.#lateAfterMs
      return [{ hubId, record, numbering, occurredAt, uncertaintyMs, receivedAt, late }]
    })
  }

  async #freeze(
    hubId: HubId,
    bootId: BootId,
    sender: Sender,
    records: readonly UplinkRecord[],
    receivedAt: Instant,
  ): Promise<BootTimeline> {
    const stored = await this.#receipts.timeline(hubId, bootId)
    const anchored =
      bootId === sender.bootId && sender.anchor !== null ? withAnchor(stored, sender.anchor, receivedAt) : stored
    const last = records.reduce((a, b) => (measuredAt(b).monotonicMs > measuredAt(a).monotonicMs ? b : a))
    const { monotonicMs } = measuredAt(last)
    const neighbours =
      anchored.anchors.length > 0 || monotonicMs <= anchored.datedToMs
        ? { before: null, after: null }
        : await this.#receipts.neighbours(hubId, bootId, measuredSeq(last), sender.bootId)
    const frozen = frozenUpTo(anchored, monotonicMs, receivedAt, neighbours)
    if (frozen !== stored) await this.#receipts.putTimeline(hubId, bootId, frozen)
    return frozen
  }
}

const speaking = ({ bootId, earlierBoots }: Sender, firstSeq: number | null): SpeakingBoot => ({
  bootId,
  firstSeq,
  earlierBoots: earlierBoots ?? null,
})

/** Its own numbers, else the highest that it carries: its own are above them. A hub's first heartbeat has said it before. */
const lowestOf = ({ bootId }: Sender, records: readonly UplinkRecord[]): number | null => {
  const own = records.filter((record) => record.bootId === bootId).map(({ seq }) => seq)
  if (own.length > 0) return Math.min(...own)
  return records.length === 0 ? null : Math.max(...records.map(({ seq }) => seq))
}
