import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { BootId, HubId } from '#domain/ids.ts'
import { instant, type Instant } from '#domain/time.ts'
import { numberingOf, type SpeakingBoot } from '#server/core/boot-order.ts'
import { ServerError } from '#server/core/errors.ts'
import {
  subjectKey,
  type AlarmJournal,
  type AlarmSubject,
  type DatedRecord,
  type HubReceipts,
  type JournalEffects,
  type JournalEntry,
  type NonceBook,
  type ReceiptBook,
  type ReceivedKey,
  type RefusedKey,
} from '#server/core/ports.ts'
import { hasSeq, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'
import { emptyTimeline, type BootTimeline } from '#server/core/timeline.ts'

/** The journal's promises without a disk. `failing` makes every commit reject, `commits` counts those that worked. */
export class MemoryJournal implements AlarmJournal, ReceiptBook, NonceBook {
  readonly entries: JournalEntry[] = []
  readonly records: DatedRecord[] = []
  readonly timelines = new Map<string, BootTimeline>()
  readonly ranges = new Map<string, SeqRanges>()
  readonly hashes = new Map<string, string>()
  readonly #numberings = new Map<HubId, Map<BootId, number>>()
  readonly #nonces = new Set<string>()
  readonly refused: RefusedKey[] = []
  failing = false
  commits = 0

  async load(subject: AlarmSubject) {
    const entries = this.entries.filter((entry) => subjectKey(entry.subject) === subjectKey(subject))
    const events: AlarmEvent[] = entries.map((entry) => entry.event)
    return { events, version: entries.length }
  }

  async commit(effects: JournalEffects): Promise<void> {
    if (this.failing) throw new ServerError('SRV_JOURNAL_UNAVAILABLE', 'the journal did not commit')
    const versions = new Map<string, number>()
    for (const { subject, expectedVersion, events } of effects.appends) {
      const key = subjectKey(subject)
      const version = versions.get(key) ?? (await this.load(subject)).version
      if (version !== expectedVersion) throw new ServerError('SRV_VERSION_CONFLICT', `${key} is at version ${version}`)
      versions.set(key, version + events.length)
    }
    const { hubId, received } = effects
    if (hubId === null && received.length > 0) throw new TypeError('received records belong to a hub')
    if (received.some((key) => key.hash !== null && hasSeq(this.#ranges(hubId, key.bootId), key.seq)))
      throw new ServerError('SRV_ALREADY_RECEIVED', 'a record of this batch was committed meanwhile')
    for (const { subject, expectedVersion, events } of effects.appends)
      for (const [index, event] of events.entries()) {
        const position = this.entries.length + 1
        this.entries.push({ position, subject, version: expectedVersion + index + 1, at: effects.at, event })
      }
    this.records.push(...effects.records)
    for (const { bootId, seq, hash } of received) {
      this.ranges.set(`${hubId}/${bootId}`, withSeqs(this.#ranges(hubId, bootId), [seq]))
      if (hash !== null) this.hashes.set(`${hubId}/${bootId}/${seq}`, hash)
    }
    this.commits += 1
  }

  async *readAll(after: number): AsyncIterable<JournalEntry> {
    yield* this.entries.filter((entry) => entry.position > after)
  }

  async lookup(hubId: HubId, keys: readonly ReceivedKey[]) {
    return keys.map(({ bootId, seq, hash }) => {
      if (!hasSeq(this.#ranges(hubId, bootId), seq)) return 'new'
      return (this.hashes.get(`${hubId}/${bootId}/${seq}`) ?? null) === hash ? 'known' : 'forged'
    })
  }

  async received(hubId: HubId, bootId: BootId) {
    return this.#ranges(hubId, bootId)
  }

  async numberings(hubId: HubId, sender: SpeakingBoot, others: readonly BootId[]) {
    const known = this.#numberings.get(hubId) ?? new Map<BootId, number>()
    const named = known.has(sender.bootId) ? [] : (sender.earlierBoots ?? [])
    const boots = [sender.bootId, ...others, ...named]
    const last = Math.max(-1, ...known.values())
    const latest = [...known]
      .filter(([, numbering]) => numbering === last)
      .map(([bootId, numbering]) => ({ bootId, numbering, highestSeq: this.#ranges(hubId, bootId).at(-1)?.[1] ?? 0 }))
    if (this.failing && boots.some((bootId) => !known.has(bootId)))
      throw new ServerError('SRV_JOURNAL_UNAVAILABLE', 'the journal did not commit')
    const ofSender = known.get(sender.bootId) ?? numberingOf(latest, sender)
    for (const bootId of boots) if (!known.has(bootId)) known.set(bootId, ofSender)
    this.#numberings.set(hubId, known)
    return new Map(boots.map((bootId) => [bootId, known.get(bootId) ?? 0]))
  }

  async addAll(received: readonly HubReceipts[]): Promise<void> {
    for (const one of received) await this.commit({ at: instant(0), appends: [], records: [], ...one })
  }

  async refuse(_hubId: HubId, refused: readonly RefusedKey[]): Promise<void> {
    if (this.failing) throw new ServerError('SRV_JOURNAL_UNAVAILABLE', 'the journal did not commit')
    this.refused.push(...refused)
  }

  async timeline(hubId: HubId, bootId: BootId): Promise<BootTimeline> {
    return this.timelines.get(`${hubId}/${bootId}`) ?? emptyTimeline
  }

  async putTimeline(hubId: HubId, bootId: BootId, timeline: BootTimeline): Promise<void> {
    if (this.failing) throw new ServerError('SRV_JOURNAL_UNAVAILABLE', 'the journal did not commit')
    this.timelines.set(`${hubId}/${bootId}`, timeline)
  }

  async neighbours(hubId: HubId, bootId: BootId, seq: number, sender: BootId) {
    const before: number[] = []
    const after: number[] = []
    for (const [key, { anchors }] of this.timelines) {
      const [hub, boot] = key.split('/')
      const first = this.ranges.get(key)?.[0]?.[0]
      const numberings = this.#numberings.get(hubId)
      const ahead = (numberings?.get(boot as BootId) ?? 0) - (numberings?.get(bootId) ?? 0)
      const [anchor, last] = [anchors[0], anchors.at(-1)]
      if (hub !== hubId || boot === bootId || anchor === undefined || last === undefined) continue
      if (boot === sender || ahead > 0 || (ahead === 0 && first !== undefined && first > seq))
        after.push(anchor.serverAt - anchor.monotonicMs)
      else if (first !== undefined) before.push(last.serverAt)
    }
    return { before: extreme(before, Math.max), after: extreme(after, Math.min) }
  }

  take(hubId: HubId, bootId: BootId, attempt: number): boolean {
    const key = `${hubId}/${bootId}/${attempt}`
    if (this.#nonces.has(key)) return false
    this.#nonces.add(key)
    return true
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #ranges(hubId: HubId | null, bootId: BootId): SeqRanges {
    return this.ranges.get(`${hubId}/${bootId}`) ?? []
  }
}

const extreme = (times: readonly number[], best: (...times: number[]) => number): Instant | null =>
  times.length === 0 ? null : instant(Math.floor(best(...times)))
