import { batch, computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { LiveChange } from '#domain/live/messages.ts'
import type { AlarmView, HubView, PumpView } from '#domain/live/views.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import { compareAlarms } from '#dashboard/core/alarm-order.ts'
import { linkLook } from '#dashboard/core/freshness.ts'
import type { LinkLook } from '#dashboard/core/freshness.ts'
import { ServerClock } from '#dashboard/core/server-clock.ts'
import type { FromWorker } from '#dashboard/core/worker-protocol.ts'
import { PumpModel } from './pump-model.ts'

/** What the page says after a pause: from when to when this screen was away, and what happened meanwhile. */
export interface Return {
  readonly asleep: boolean
  /** Server time of the last heartbeat before, and of the picture after. */
  readonly from: number | null
  readonly to: number
  /** As they are now, or as they were when they closed meanwhile. */
  readonly alarms: readonly AlarmView[]
}

/** What changed while away is marked this long, ms. */
const markedMs = 10_000

const sorted = <T>(items: Iterable<T>, key: (item: T) => string): readonly T[] =>
  [...items].toSorted((a, b) => key(a).localeCompare(key(b), 'en', { numeric: true }))

/** The live picture as signals. Fed by the worker's messages and a local monotonic clock (ms). */
export class LiveStore {
  readonly alarms = signal<ReadonlyMap<EpisodeId, AlarmView>>(new Map())
  readonly hubs = signal<ReadonlyMap<HubId, HubView>>(new Map())
  /** Who was paged about an alarm that nobody has answered, and whether it was heard. */
  readonly paged = signal<ReadonlyMap<EpisodeId, PagedNote>>(new Map())
  readonly #pumps = new Map<PumpId, PumpModel>()
  readonly #pumpIds = signal(0)
  readonly loaded = signal(false)
  readonly link = signal<LinkLook>('connecting')
  /** ms since the last heartbeat; null before the first. */
  readonly heardAgeMs = signal<number | null>(null)
  readonly attempt = signal(0)
  /** Server time of the last heartbeat: "data as of". */
  readonly dataAsOf = signal<number | null>(null)
  /** Server time, whole seconds. Stands still while the page is not live. */
  readonly now = signal<number | null>(null)
  /** Server time, whole seconds, for the clock on the wall: runs on while the page is not live. */
  readonly clock = signal<number | null>(null)
  readonly returned = signal<Return | null>(null)
  /** Episodes that changed while away, for a few seconds. */
  readonly marked = signal<ReadonlySet<string>>(new Set())
  readonly sessionEnded = signal(false)

  readonly order: ReadonlySignal<readonly AlarmView[]> = computed(() =>
    [...this.alarms.value.values()].toSorted(compareAlarms),
  )
  readonly pumps: ReadonlySignal<readonly PumpModel[]> = computed(() => {
    void this.#pumpIds.value
    return sorted(this.#pumps.values(), (pump) => pump.label)
  })
  readonly frozen: ReadonlySignal<boolean> = computed(() => this.link.value === 'not-live')

  readonly #server = new ServerClock()
  readonly #listeners = new Set<
    (before: ReadonlyMap<EpisodeId, AlarmView>, after: ReadonlyMap<EpisodeId, AlarmView>) => void
  >()
  #startedAt = 0
  #heardAt: number | null = null
  #asleepMs = 0
  #wasNotLive = false
  #markedAt = 0

  pump(id: PumpId | null): PumpModel | null {
    void this.#pumpIds.value
    return id === null ? null : (this.#pumps.get(id) ?? null)
  }

  /** Called after every change of the open alarms, not for the first picture. Returns its own end. */
  onAlarms(
    listener: (before: ReadonlyMap<EpisodeId, AlarmView>, after: ReadonlyMap<EpisodeId, AlarmView>) => void,
  ): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  start(localMs: number): void {
    this.#startedAt = localMs
    this.#heardAt = null
    this.#server.forget()
    batch(() => {
      this.alarms.value = new Map()
      this.hubs.value = new Map()
      this.paged.value = new Map()
      this.#pumps.clear()
      this.#pumpIds.value += 1
      this.loaded.value = false
      this.dataAsOf.value = null
      this.now.value = null
      this.sessionEnded.value = false
    })
    this.tick(localMs)
  }

  take(message: FromWorker, localMs: number): void {
    batch(() => this.#take(message, localMs))
  }

  #take(message: FromWorker, localMs: number): void {
    switch (message.kind) {
      case 'snapshot':
        return this.#snapshot(message)
      case 'changes':
        return this.#changes(message.changes)
      case 'telemetry':
        for (const sample of message.samples) this.#pumps.get(sample.pumpId)?.hear(sample, this.#server.now(localMs))
        return
      case 'beat':
        this.#server.hear(message.serverAt, localMs)
        this.#heardAt = localMs
        this.dataAsOf.value = message.serverAt
        return this.tick(localMs)
      case 'tick':
        this.attempt.value = message.status.attempt
        return this.tick(localMs)
      case 'asleep':
        this.#asleepMs += message.ms
        this.#server.forget()
        if (this.#heardAt !== null) this.#heardAt -= message.ms
        return this.tick(localMs)
      case 'session-ended':
        this.sessionEnded.value = true
        return
      case 'command-result':
      case 'page':
      case 'canary':
      case 'path-proven':
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
      if (look === 'not-live') this.#wasNotLive = true
      const now = this.#server.now(localMs)
      const second = now === null ? null : Math.floor(now / 1000) * 1000
      if (second !== null) this.clock.value = second
      if (second !== null && look !== 'not-live') this.now.value = second
      if (look === 'live') this.#wasNotLive = false
      if (this.marked.peek().size > 0 && localMs - this.#markedAt > markedMs) this.marked.value = new Set()
    })
  }

  /** Server time at full resolution, or null. */
  serverNow(localMs: number): number | null {
    return this.#server.now(localMs)
  }

  #snapshot(message: Extract<FromWorker, { kind: 'snapshot' }>): void {
    const before = this.alarms.peek()
    const first = !this.loaded.peek()
    const shown = new Set(message.pumps.map((pump) => pump.pumpId))
    for (const id of this.#pumps.keys()) if (!shown.has(id)) this.#pumps.delete(id)
    for (const view of message.pumps) this.#showPump(view)
    this.#pumpIds.value += 1
    this.hubs.value = new Map(message.hubs.map((hub) => [hub.hubId, hub]))
    this.paged.value = new Map(message.paged.map((note) => [note.episodeId, note]))
    this.alarms.value = new Map(message.alarms.map((alarm) => [alarm.episodeId, alarm]))
    this.loaded.value = true
    if (!first && (this.#wasNotLive || this.#asleepMs > 0)) this.#return(message, before)
    this.#asleepMs = 0
    if (!first) this.#tell(before)
  }

  #return(
    { changed, serverAt }: Extract<FromWorker, { kind: 'snapshot' }>,
    before: ReadonlyMap<string, AlarmView>,
  ): void {
    const after: ReadonlyMap<string, AlarmView> = this.alarms.peek()
    this.marked.value = new Set(changed)
    this.#markedAt = performance.now()
    this.returned.value = {
      asleep: this.#asleepMs > 0,
      from: this.dataAsOf.peek(),
      to: serverAt,
      alarms: changed.flatMap((id) => after.get(id) ?? before.get(id) ?? []),
    }
  }

  #changes(changes: readonly LiveChange[]): void {
    const before = this.alarms.peek()
    const alarms = new Map(before)
    for (const change of changes)
      switch (change.kind) {
        case 'alarm':
          alarms.set(change.alarm.episodeId, change.alarm)
          break
        case 'alarm-closed':
          alarms.delete(change.episodeId)
          break
        case 'pump':
          if (this.#showPump(change.pump)) this.#pumpIds.value += 1
          break
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
    if (changes.some((change) => change.kind === 'alarm' || change.kind === 'alarm-closed')) {
      this.alarms.value = alarms
      this.#tell(before)
    }
  }

  /** True: the pump is new or is called differently, so the list changes. */
  #showPump(view: PumpView): boolean {
    const known = this.#pumps.get(view.pumpId)
    if (known === undefined) {
      this.#pumps.set(view.pumpId, new PumpModel(view))
      return true
    }
    const label = known.identity.peek().label
    known.see(view)
    return label !== view.label
  }

  #tell(before: ReadonlyMap<EpisodeId, AlarmView>): void {
    const after = this.alarms.peek()
    for (const listener of this.#listeners) listener(before, after)
  }
}
