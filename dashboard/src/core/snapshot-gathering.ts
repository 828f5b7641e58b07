import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { LiveChange, LiveUpdate, SnapshotPart } from '#domain/live/messages.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import type { AlarmView, HubView, PumpView } from '#domain/live/views.ts'
import type { LiveState } from './live-fold.ts'

/** What a part made of the picture. */
export type Gathered =
  | { readonly kind: 'alarms-to-come' }
  /** The open alarms are these, all at once. `waiting`: updates that came meanwhile, to be folded now. */
  | { readonly kind: 'alarms'; readonly state: LiveState; readonly news: News; readonly waiting: readonly LiveUpdate[] }
  | { readonly kind: 'fleet'; readonly state: LiveState; readonly news: News }

/** Pumps and hubs that were told and not handed on yet. */
interface News {
  readonly pumps: readonly PumpView[]
  readonly hubs: readonly HubView[]
}

/** What is no longer there, now that everything was told. */
export interface Gone {
  readonly pumpIds: readonly PumpId[]
  readonly hubIds: readonly HubId[]
}

/** A snapshot on its way, part by part: what is shown stays as it was until all alarms are told, and pumps until all pumps are. */
export class SnapshotGathering {
  readonly #alarms = new Map<EpisodeId, AlarmView>()
  readonly #paged = new Map<EpisodeId, PagedNote>()
  readonly #pumps = new Map<PumpId, PumpView>()
  readonly #hubs = new Map<HubId, HubView>()
  readonly #told = new Set<PumpId | HubId>()
  #nextPart = 0
  #waiting: readonly LiveUpdate[] = []
  #hasAlarms = false
  #pumpsTold = 0

  /** Before that nothing can be folded or compared. */
  get hasAlarms(): boolean {
    return this.#hasAlarms
  }

  /** Of those handed on. */
  get pumpsTold(): number {
    return this.#pumpsTold
  }

  /** A part of another snapshot, or one that was left: it is not taken. */
  fits(part: SnapshotPart): boolean {
    return part.part === this.#nextPart
  }

  take(part: SnapshotPart, state: LiveState | null): Gathered {
    this.#nextPart += 1
    for (const alarm of part.alarms) this.#alarms.set(alarm.episodeId, alarm)
    for (const note of part.paged) this.#paged.set(note.episodeId, note)
    for (const pump of part.pumps) this.#pumps.set(pump.pumpId, pump)
    for (const hub of part.hubs) this.#hubs.set(hub.hubId, hub)
    for (const id of [...this.#pumps.keys(), ...this.#hubs.keys()]) this.#told.add(id)
    if (!part.alarmsWhole) return { kind: 'alarms-to-come' }
    const fleet = {
      pumps: new Map([...(state?.pumps ?? []), ...this.#pumps]),
      hubs: new Map([...(state?.hubs ?? []), ...this.#hubs]),
    }
    const news = { pumps: [...this.#pumps.values()], hubs: [...this.#hubs.values()] }
    this.#pumpsTold += this.#pumps.size
    this.#pumps.clear()
    this.#hubs.clear()
    if (this.#hasAlarms && state !== null) return { kind: 'fleet', state: { ...state, ...fleet }, news }
    this.#hasAlarms = true
    const waiting = this.#waiting
    this.#waiting = []
    return {
      kind: 'alarms',
      state: { at: part.at, serverAt: part.serverAt, alarms: this.#alarms, paged: this.#paged, ...fleet },
      news,
      waiting,
    }
  }

  /** An update that comes before the alarms it changes. */
  keep(update: LiveUpdate): void {
    this.#waiting = [...this.#waiting, update]
  }

  /** What an update told is there, whether or not a part tells it, too. */
  heard(changes: readonly LiveChange[]): void {
    for (const change of changes)
      if (change.kind === 'pump') this.#told.add(change.pump.pumpId)
      else if (change.kind === 'hub') this.#told.add(change.hub.hubId)
  }

  /** After the last part. */
  gone({ pumps, hubs }: LiveState): Gone {
    return {
      pumpIds: [...pumps.keys()].filter((id) => !this.#told.has(id)),
      hubIds: [...hubs.keys()].filter((id) => !this.#told.has(id)),
    }
  }
}

export const without = (state: LiveState, { pumpIds, hubIds }: Gone): LiveState => {
  const pumps = new Map(state.pumps)
  const hubs = new Map(state.hubs)
  for (const id of pumpIds) pumps.delete(id)
  for (const id of hubIds) hubs.delete(id)
  return { ...state, pumps, hubs }
}
