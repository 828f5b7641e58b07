import { batch, computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { EpisodeId, HubId, PumpId, UserId } from '#domain/ids.ts'
import { floodOf, rememberNew } from '#domain/alarm/flood.ts'
import type { Flood, RecentAlarms } from '#domain/alarm/flood.ts'
import type { LiveChange } from '#domain/live/messages.ts'
import type { AlarmView, HubView, PumpView } from '#domain/live/views.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import { Absence } from '#dashboard/core/absence.ts'
import type { Return } from '#dashboard/core/absence.ts'
import { compareAlarmsFor } from '#dashboard/core/alarm-order.ts'
import { escalatedTo } from '#dashboard/core/escalated-to.ts'
import { urgentByPump } from '#dashboard/core/fleet-cells.ts'
import type { FleetFacts } from '#dashboard/core/fleet-cells.ts'
import { linkLook } from '#dashboard/core/freshness.ts'
import type { LinkLook } from '#dashboard/core/freshness.ts'
import { knownAtOpening } from '#dashboard/core/arrived-highs.ts'
import { ServerClock } from '#dashboard/core/server-clock.ts'
import type { FromWorker } from '#dashboard/core/worker-protocol.ts'
import { KnownPumps } from './known-pumps.ts'
import type { PumpModel } from './pump-model.ts'

/** What changed while away is marked this long, ms. */
const markedMs = 10_000

/** The fleet map: one byte for each pump (core/fleet-cells.ts), in the order of `ids`. */
export interface Fleet {
  readonly ids: readonly PumpId[]
  readonly cells: Uint8Array
  readonly facts: FleetFacts
}

/** domain/alarm/policy.ts, which this page does not decode. */
export const floodRule = { floodCount: 10, floodWithinMs: 600_000 } as const

const noFleet: Fleet = { ids: [], cells: new Uint8Array(), facts: { pumps: 0, reporting: 0, stale: 0 } }

/** The live picture as signals. Fed by the worker's messages and a local monotonic clock (ms since the page's address was opened). */
export class LiveStore {
  readonly alarms = signal<ReadonlyMap<EpisodeId, AlarmView>>(new Map())
  readonly hubs = signal<ReadonlyMap<HubId, HubView>>(new Map())
  /** Who was paged about an alarm that nobody has answered, and whether it was heard. */
  readonly paged = signal<ReadonlyMap<EpisodeId, PagedNote>>(new Map())
  readonly #pumps: KnownPumps
  /** How many pumps the server has not told yet since this page connected. */
  readonly pumpsToCome = signal(0)
  readonly fleet = signal<Fleet>(noFleet)
  readonly loaded = signal(false)
  readonly link = signal<LinkLook>('connecting')
  /** ms since the last heartbeat; null before the first. */
  readonly heardAgeMs = signal<number | null>(null)
  readonly attempt = signal(0)
  /** Server time of the last heartbeat: "data as of". */
  readonly dataAsOf = signal<number | null>(null)
  /** Server time, whole seconds. Stands still while the page is not live. */
  readonly now = signal<number | null>(null)
  /** Server time, whole minutes: whether something was today. */
  readonly minute: ReadonlySignal<number | null> = computed(() => {
    const now = this.now.value
    return now === null ? null : now - (now % 60_000)
  })
  /** Server time, whole seconds, for the clock on the wall: runs on while the page is not live. */
  readonly clock = signal<number | null>(null)
  readonly returned = signal<Return | null>(null)
  /** Episodes that changed while away, for a few seconds. */
  readonly marked = signal<ReadonlySet<string>>(new Set())
  readonly sessionEnded = signal(false)
  /** So many screens are open in this session already that this one gets nothing; null: it is not turned away. */
  readonly screensOpen = signal<number | null>(null)
  /** The server said that it can keep nothing, and nothing since. */
  readonly keepsNothing = signal(false)

  readonly order: ReadonlySignal<readonly AlarmView[]> = computed(() =>
    [...this.alarms.value.values()].toSorted(compareAlarmsFor(this.escalatedToMe.value)),
  )
  /** Who looks: what was escalated to her stands on top of its priority. */
  readonly me = signal<UserId | null>(null)
  // As one text, so that the list is put in order again when the set is another one, and not with every page of anybody.
  readonly #escalatedToMe: ReadonlySignal<string> = computed(() =>
    JSON.stringify(escalatedTo(this.me.value, this.alarms.value.values(), this.paged.value)),
  )
  readonly escalatedToMe: ReadonlySignal<ReadonlySet<EpisodeId>> = computed(
    () => new Set<EpisodeId>(JSON.parse(this.#escalatedToMe.value)),
  )
  /** In the order of their labels. */
  readonly pumps: ReadonlySignal<readonly PumpModel[]> = computed(() => this.#pumps.all.value)
  /** Demo or test data anywhere. */
  readonly simulated: ReadonlySignal<boolean> = computed(() => this.#pumps.simulated.value)
  /** The most urgent open alarm of each pump that has one. */
  readonly urgent: ReadonlySignal<ReadonlyMap<PumpId, AlarmView>> = computed(() =>
    urgentByPump(this.alarms.value.values()),
  )
  /** Alarms that were first heard of within the last ten minutes, also those that are over. */
  readonly lastTenMinutes: ReadonlySignal<number> = computed(() => {
    const now = this.now.value
    return now === null ? 0 : rememberNew(this.#recent.value, [], now, floodRule).size
  })
  readonly flood: ReadonlySignal<Flood | null> = computed(() =>
    this.now.value === null ? null : floodOf(this.#recent.value, this.now.value, floodRule),
  )
  readonly #recent = signal<RecentAlarms>(new Map())
  readonly frozen: ReadonlySignal<boolean> = computed(() => this.link.value === 'not-live' || this.keepsNothing.value)

  readonly #server = new ServerClock()
  readonly #listeners = new Set<
    (before: ReadonlyMap<EpisodeId, AlarmView>, after: ReadonlyMap<EpisodeId, AlarmView>) => void
  >()
  #startedAt = 0
  #heardAt: number | null = null
  readonly #absence = new Absence()
  #markedAt = 0

  /** `shown`: told which pumps' values are on screen. */
  constructor(shown: (pumpIds: readonly PumpId[]) => void = () => undefined) {
    this.#pumps = new KnownPumps(shown)
  }

  /** Followed is only whether there is such a pump; its own signals say the rest. */
  pump(id: string | null): PumpModel | null {
    return this.#pumps.model(id)
  }

  /** What is known of a pump at this moment, without following it. */
  known(id: PumpId): PumpView | null {
    return this.#pumps.view(id)
  }

  /** Called after every change of the open alarms, and for those of the first picture that came while the page was opening. Returns its own end. */
  onAlarms(
    listener: (before: ReadonlyMap<EpisodeId, AlarmView>, after: ReadonlyMap<EpisodeId, AlarmView>) => void,
  ): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  start(localMs: number): void {
    this.#startedAt = localMs
    this.#heardAt = null
    this.#absence.forget()
    this.#server.forget()
    batch(() => {
      this.alarms.value = new Map()
      this.hubs.value = new Map()
      this.paged.value = new Map()
      this.#pumps.clear()
      this.pumpsToCome.value = 0
      this.#recent.value = new Map()
      this.fleet.value = noFleet
      this.loaded.value = false
      this.dataAsOf.value = null
      this.now.value = null
      this.sessionEnded.value = false
      this.screensOpen.value = null
      this.keepsNothing.value = false
    })
    this.tick(localMs)
  }

  take(message: FromWorker, localMs: number): void {
    batch(() => this.#take(message, localMs))
  }

  #take(message: FromWorker, localMs: number): void {
    switch (message.kind) {
      case 'snapshot':
        return this.#snapshot(message, localMs)
      case 'fleet-part':
        return this.#fleetPart(message)
      case 'changes':
        return this.#changes(message.changes, message.serverAt)
      case 'telemetry':
        for (const sample of message.samples) this.#pumps.hear(sample, this.#server.now(localMs))
        return
      case 'fleet':
        this.fleet.value = { ...message, ids: message.ids ?? this.fleet.peek().ids }
        return
      case 'too-many-screens':
        this.screensOpen.value = message.most
        return
      case 'keeps-nothing':
        this.keepsNothing.value = true
        return
      case 'beat':
        this.screensOpen.value = null
        this.keepsNothing.value = false
        this.#server.hear(message.serverAt, localMs)
        this.#heardAt = localMs
        this.dataAsOf.value = message.serverAt
        return this.tick(localMs)
      case 'tick':
        this.attempt.value = message.status.attempt
        return this.tick(localMs)
      case 'asleep':
        this.#goAway(true)
        this.#server.forget()
        if (this.#heardAt !== null) this.#heardAt -= message.unseenMs
        return this.tick(localMs)
      case 'session-ended':
        this.sessionEnded.value = true
        return
      case 'command-result':
      case 'page':
      case 'canary':
      case 'path-proven':
      case 'part-missing':
      case 'other-protocol':
      case 'answer':
    }
  }

  /** Judges anew how live the page is: on every message and by the page's own timer. */
  tick(localMs: number): void {
    const heardAge = this.#heardAt === null ? null : localMs - this.#heardAt
    const look = linkLook(heardAge, localMs - this.#startedAt)
    batch(() => {
      this.link.value = look
      this.heardAgeMs.value = heardAge
      if (look === 'not-live') this.#goAway(false)
      const now = this.#server.now(localMs)
      const second = now === null ? null : Math.floor(now / 1000) * 1000
      if (second !== null) this.clock.value = second
      if (second !== null && look !== 'not-live') this.now.value = second
      if (look === 'live') this.#comeBack(localMs)
      if (this.marked.peek().size > 0 && localMs - this.#markedAt > markedMs) this.marked.value = new Set()
    })
  }

  /** Server time at full resolution, or null. */
  serverNow(localMs: number): number | null {
    return this.#server.now(localMs)
  }

  #snapshot(message: Extract<FromWorker, { kind: 'snapshot' }>, localMs: number): void {
    const opening = { serverAt: message.serverAt, openMs: localMs, askedMs: localMs - this.#startedAt }
    const before = this.loaded.peek() ? this.alarms.peek() : knownAtOpening(message.alarms, opening)
    this.#showFleet(message.pumps, message.hubs)
    this.paged.value = new Map(message.paged.map((note) => [note.episodeId, note]))
    this.alarms.value = new Map(message.alarms.map((alarm) => [alarm.episodeId, alarm]))
    this.#remember(message.alarms, message.serverAt)
    this.loaded.value = true
    this.#tell(before)
  }

  #goAway(asleep: boolean): void {
    if (this.loaded.peek()) this.#absence.begin(asleep, this.dataAsOf.peek(), this.alarms.peek())
  }

  #comeBack(localMs: number): void {
    const back = this.#absence.end(this.dataAsOf.peek() ?? 0, this.alarms.peek())
    if (back === null) return
    this.marked.value = new Set(back.alarms.map(({ episodeId }) => episodeId))
    this.#markedAt = localMs
    this.returned.value = back
  }

  #changes(changes: readonly LiveChange[], serverAt: number): void {
    const before = this.alarms.peek()
    const alarms = new Map(before)
    for (const change of changes)
      switch (change.kind) {
        case 'alarm':
          alarms.set(change.alarm.episodeId, change.alarm)
          this.#remember([change.alarm], serverAt)
          break
        case 'alarm-closed':
        case 'alarm-gone':
          alarms.delete(change.episodeId)
          break
        case 'pump':
          this.#pumps.show([change.pump])
          break
        case 'pump-gone':
          this.#pumps.forget([change.pumpId])
          break
        case 'hub-gone': {
          const hubs = new Map(this.hubs.peek())
          hubs.delete(change.hubId)
          this.hubs.value = hubs
          break
        }
        case 'hub':
          this.hubs.value = new Map(this.hubs.peek()).set(change.hub.hubId, change.hub)
          break
        case 'paged':
          this.paged.value = new Map(this.paged.peek()).set(change.note.episodeId, change.note)
          break
        case 'not-paged': {
          const paged = new Map(this.paged.peek())
          paged.delete(change.episodeId)
          this.paged.value = paged
        }
      }
    if (changes.some(({ kind }) => kind === 'alarm' || kind === 'alarm-closed' || kind === 'alarm-gone')) {
      this.alarms.value = alarms
      this.#tell(before)
    }
  }

  #fleetPart({ pumps, hubs, toCome, gone }: Extract<FromWorker, { kind: 'fleet-part' }>): void {
    this.#showFleet(pumps, hubs)
    this.pumpsToCome.value = toCome
    this.#pumps.forget(gone.pumpIds)
    if (gone.hubIds.length === 0) return
    const left = new Map(this.hubs.peek())
    for (const id of gone.hubIds) left.delete(id)
    this.hubs.value = left
  }

  #showFleet(pumps: readonly PumpView[], hubs: readonly HubView[]): void {
    this.#pumps.show(pumps)
    if (hubs.length > 0)
      this.hubs.value = new Map([...this.hubs.peek(), ...hubs.map((hub) => [hub.hubId, hub] as const)])
  }

  /** Alarms that are over, for what is counted of the last minutes. */
  recall(alarms: readonly AlarmView[]): void {
    const now = this.now.peek()
    if (now !== null) this.#remember(alarms, now)
  }

  #remember(alarms: readonly AlarmView[], now: number): void {
    this.#recent.value = rememberNew(this.#recent.peek(), alarms, now, floodRule)
  }

  #tell(before: ReadonlyMap<EpisodeId, AlarmView>): void {
    const after = this.alarms.peek()
    for (const listener of this.#listeners) listener(before, after)
  }
}
