import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { openDigest } from '#domain/live/messages.ts'
import type { At, LiveChange, LiveHeartbeat, LiveSnapshot, LiveTelemetry, LiveUpdate } from '#domain/live/messages.ts'
import type { AlarmView, HubView, PumpView } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { LivePicture } from './live-picture.ts'
import { alarmIfSeen, hubFor, hubsIn, pumpFor, pumpsIn, seesHub, seesPump, valuesFor } from './sight.ts'
import type { Sight } from './sight.ts'
import { createUpdateRing } from './update-ring.ts'

export interface WallViewDependencies {
  readonly picture: LivePicture
  readonly sight: Sight
  /** Another one for every view: numbers of one mean nothing to another. */
  readonly epoch: string
  readonly clock: Pick<Clock, 'now'>
}

/**
 * What one sight shows of the live picture, as numbered updates of its own: whoever may not see something gets no number for it
 * either, and the heartbeat proves what is seen, not what there is.
 */
export class WallView {
  readonly sight: Sight
  readonly #deps: WallViewDependencies
  readonly #ring = createUpdateRing()
  readonly #alarms = new Set<EpisodeId>()
  readonly #pumps = new Set<PumpId>()
  readonly #hubs = new Set<HubId>()
  #seq = 0
  #proof: { readonly seq: number; readonly openDigest: string } | null = null

  constructor(deps: WallViewDependencies) {
    this.#deps = deps
    this.sight = deps.sight
    // Nobody follows yet: what comes on is told by the first snapshot.
    this.#moves()
  }

  at(): At {
    return { epoch: this.#deps.epoch, seq: this.#seq }
  }

  snapshot(): LiveSnapshot {
    const { picture, sight, clock } = this.#deps
    return {
      at: this.at(),
      serverAt: clock.now(),
      alarms: this.#seen(picture.openAlarms()),
      pumps: [...pumpsIn(picture, sight)],
      hubs: [...hubsIn(picture, sight)],
      paged: picture.snapshot().paged.filter(({ episodeId }) => this.#alarms.has(episodeId)),
    }
  }

  pump(pumpId: PumpId): PumpView | null {
    const pump = this.#pumps.has(pumpId) ? this.#deps.picture.pump(pumpId) : null
    return pump === null ? null : pumpFor(this.sight, pump)
  }

  hub(hubId: HubId): HubView | null {
    const hub = this.#hubs.has(hubId) ? this.#deps.picture.hub(hubId) : null
    return hub === null ? null : hubFor(this.sight, hub)
  }

  /** After an own `at`; null: a snapshot is needed. */
  missed(at: At): readonly LiveUpdate[] | null {
    return this.#ring.after(at, this.at())
  }

  heartbeat(): Omit<LiveHeartbeat, 'build'> {
    const { picture, clock } = this.#deps
    if (this.#proof?.seq !== this.#seq)
      this.#proof = { seq: this.#seq, openDigest: openDigest(this.#seen(picture.openAlarms())) }
    const { openDigest: digest } = this.#proof
    return { at: this.at(), serverAt: clock.now(), openAlarms: this.#alarms.size, openDigest: digest }
  }

  samples(pumpIds: Iterable<PumpId>): LiveTelemetry['samples'] {
    const { picture, sight } = this.#deps
    return picture
      .samples([...pumpIds].filter((pumpId) => this.#pumps.has(pumpId)))
      .map((values) => valuesFor(sight, values))
  }

  /** What a commit changed for this view; null: nothing. */
  take(changes: readonly LiveChange[]): LiveUpdate | null {
    return this.#numbered(changes.flatMap((change) => this.#changeFor(change)))
  }

  /** Pumps, hubs or people changed teams: what comes and what goes. */
  rescope(): LiveUpdate | null {
    return this.#numbered(this.#moves())
  }

  #seen(alarms: readonly AlarmView[]): AlarmView[] {
    return alarms.flatMap((alarm) => alarmIfSeen(this.#deps.sight, alarm) ?? [])
  }

  #numbered(changes: readonly LiveChange[]): LiveUpdate | null {
    if (changes.length === 0) return null
    this.#seq += 1
    const update: LiveUpdate = { at: this.at(), serverAt: this.#deps.clock.now(), changes: [...changes] }
    this.#ring.push(update)
    return update
  }

  #changeFor(change: LiveChange): readonly LiveChange[] {
    const { sight } = this.#deps
    switch (change.kind) {
      case 'alarm': {
        const alarm = alarmIfSeen(sight, change.alarm)
        if (alarm === null) return this.#alarmGone(change.alarm.episodeId)
        this.#alarms.add(alarm.episodeId)
        return [{ kind: 'alarm', alarm }]
      }
      case 'alarm-closed':
        return this.#alarms.delete(change.episodeId) ? [change] : []
      case 'alarm-gone':
        return this.#alarmGone(change.episodeId)
      case 'pump':
        if (!seesPump(sight, change.pump)) return this.#pumpGone(change.pump.pumpId)
        this.#pumps.add(change.pump.pumpId)
        return [{ kind: 'pump', pump: pumpFor(sight, change.pump) }]
      case 'pump-gone':
        return this.#pumpGone(change.pumpId)
      case 'hub': {
        const { hubId } = change.hub
        const sees = seesHub(sight, change.hub)
        const told: readonly LiveChange[] = sees ? [{ kind: 'hub', hub: hubFor(sight, change.hub) }] : []
        if (sees === this.#hubs.has(hubId)) return told
        if (sees) this.#hubs.add(hubId)
        // Its pumps are others by now, and with them its team and that of its own alarms.
        return [...told, ...this.#moves()]
      }
      case 'hub-gone':
        return this.#hubs.delete(change.hubId) ? [change] : []
      case 'paged':
        return this.#alarms.has(change.note.episodeId) ? [change] : []
      case 'not-paged':
        return this.#alarms.has(change.episodeId) ? [change] : []
    }
  }

  #moves(): readonly LiveChange[] {
    const { picture, sight } = this.#deps
    const alarms = new Map(this.#seen(picture.openAlarms()).map((alarm) => [alarm.episodeId, alarm]))
    const pumps = new Map(pumpsIn(picture, sight).map((pump) => [pump.pumpId, pump]))
    const hubs = new Map(hubsIn(picture, sight).map((hub) => [hub.hubId, hub]))
    const notes = picture.snapshot().paged.filter(({ episodeId }) => alarms.has(episodeId))
    const left = [
      ...[...this.#alarms].filter((id) => !alarms.has(id)).flatMap((id) => this.#alarmGone(id)),
      ...[...this.#pumps].filter((id) => !pumps.has(id)).flatMap((id) => this.#pumpGone(id)),
      ...[...this.#hubs].filter((id) => !hubs.has(id)).flatMap((hubId) => this.#changeFor({ kind: 'hub-gone', hubId })),
    ]
    const newAlarms = [...alarms.values()].filter(({ episodeId }) => !this.#alarms.has(episodeId))
    const newIds = new Set(newAlarms.map(({ episodeId }) => episodeId))
    const come: LiveChange[] = [
      ...[...hubs.values()].filter(({ hubId }) => !this.#hubs.has(hubId)).map((hub) => ({ kind: 'hub' as const, hub })),
      ...[...pumps.values()]
        .filter(({ pumpId }) => !this.#pumps.has(pumpId))
        .map((pump) => ({ kind: 'pump' as const, pump })),
      ...newAlarms.map((alarm) => ({ kind: 'alarm' as const, alarm })),
      ...notes.filter(({ episodeId }) => newIds.has(episodeId)).map((note) => ({ kind: 'paged' as const, note })),
    ]
    for (const id of alarms.keys()) this.#alarms.add(id)
    for (const id of pumps.keys()) this.#pumps.add(id)
    for (const id of hubs.keys()) this.#hubs.add(id)
    return [...left, ...come]
  }

  #alarmGone(episodeId: EpisodeId): readonly LiveChange[] {
    return this.#alarms.delete(episodeId) ? [{ kind: 'alarm-gone', episodeId }] : []
  }

  #pumpGone(pumpId: PumpId): readonly LiveChange[] {
    return this.#pumps.delete(pumpId) ? [{ kind: 'pump-gone', pumpId }] : []
  }
}
