import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { At, LiveChange, LiveHeartbeat, LiveSnapshot, LiveTelemetry, LiveUpdate } from '#domain/live/messages.ts'
import { newestValues } from '#domain/live/channels.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import type { AlarmView, HubView, PumpView } from '#domain/live/views.ts'

/** What this screen knows of the server's live picture, as of `at`. */
export interface LiveState {
  readonly at: At
  readonly serverAt: number
  readonly alarms: ReadonlyMap<EpisodeId, AlarmView>
  readonly pumps: ReadonlyMap<PumpId, PumpView>
  readonly hubs: ReadonlyMap<HubId, HubView>
  readonly paged: ReadonlyMap<EpisodeId, PagedNote>
}

/** Why what we hold cannot be trusted any more: a snapshot is asked for (`hello` with `at: null`). */
export type ResyncReason = 'nothing-yet' | 'gap' | 'other-epoch' | 'other-digest'

export type Folded =
  | { readonly kind: 'applied'; readonly state: LiveState }
  /** The snapshot already contained it. */
  | { readonly kind: 'known' }
  | { readonly kind: 'resync'; readonly reason: ResyncReason }

export const fromSnapshot = (snapshot: LiveSnapshot): LiveState => ({
  at: snapshot.at,
  serverAt: snapshot.serverAt,
  alarms: new Map(snapshot.alarms.map((alarm) => [alarm.episodeId, alarm])),
  pumps: new Map(snapshot.pumps.map((pump) => [pump.pumpId, pump])),
  hubs: new Map(snapshot.hubs.map((hub) => [hub.hubId, hub])),
  paged: new Map(snapshot.paged.map((note) => [note.episodeId, note])),
})

export const foldUpdate = (state: LiveState | null, update: LiveUpdate): Folded => {
  if (state === null) return { kind: 'resync', reason: 'nothing-yet' }
  if (update.at.epoch !== state.at.epoch) return { kind: 'resync', reason: 'other-epoch' }
  if (update.at.seq <= state.at.seq) return { kind: 'known' }
  if (update.at.seq !== state.at.seq + 1) return { kind: 'resync', reason: 'gap' }
  const changed = update.changes.reduce(applyChange, state)
  return { kind: 'applied', state: { ...changed, at: update.at, serverAt: update.serverAt } }
}

const applyChange = (state: LiveState, change: LiveChange): LiveState => {
  switch (change.kind) {
    case 'alarm':
      return { ...state, alarms: new Map(state.alarms).set(change.alarm.episodeId, change.alarm) }
    case 'alarm-closed':
    case 'alarm-gone':
      return { ...state, alarms: without(state.alarms, change.episodeId) }
    case 'pump':
      return { ...state, pumps: new Map(state.pumps).set(change.pump.pumpId, change.pump) }
    case 'pump-gone':
      return { ...state, pumps: without(state.pumps, change.pumpId) }
    case 'hub-gone':
      return { ...state, hubs: without(state.hubs, change.hubId) }
    case 'hub':
      return { ...state, hubs: new Map(state.hubs).set(change.hub.hubId, change.hub) }
    case 'paged':
      return { ...state, paged: new Map(state.paged).set(change.note.episodeId, change.note) }
    case 'not-paged':
      return { ...state, paged: without(state.paged, change.episodeId) }
  }
}

const without = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> => {
  const rest = new Map(map)
  rest.delete(key)
  return rest
}

/** Newest sample wins: a volatile message may arrive after a numbered one that is already newer. */
export const foldTelemetry = (state: LiveState, telemetry: LiveTelemetry): LiveState => {
  const pumps = new Map(state.pumps)
  for (const sample of telemetry.samples) {
    const pump = pumps.get(sample.pumpId)
    if (pump !== undefined) pumps.set(sample.pumpId, { ...pump, ...newestValues(pump, sample) })
  }
  return { ...state, pumps }
}

/** A heartbeat carries no change; it proves that ours are the server's, or not. `digest` is of our own open alarms. */
export const checkHeartbeat = (
  state: LiveState | null,
  heartbeat: LiveHeartbeat,
  digest: (alarms: Iterable<AlarmView>) => string,
): ResyncReason | null => {
  if (state === null) return 'nothing-yet'
  if (heartbeat.at.epoch !== state.at.epoch) return 'other-epoch'
  if (heartbeat.at.seq > state.at.seq) return 'gap'
  if (heartbeat.at.seq < state.at.seq) return null
  return digest(state.alarms.values()) === heartbeat.openDigest ? null : 'other-digest'
}
