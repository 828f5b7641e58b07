import { SimilarLabels } from '#domain/assignment/similar-label.ts'
import type { PumpId } from '#domain/ids.ts'
import { channelsOf } from '#domain/live/channels.ts'
import type { Adherence, Roster, RosterQuery, RosterRow } from '#domain/live/roster.ts'
import type { AlarmView, ChannelReading, PumpView } from '#domain/live/views.ts'
import { daysLater, localDate, whenClockReaches } from '#domain/on-call/local-calendar.ts'
import { TimeZone } from '#domain/on-call/local-time.ts'
import type { Clock } from '#domain/time.ts'
import type { AlarmDesk, DeskOf } from './alarm-desk.ts'
import type { LivePicture } from './live-picture.ts'
import type { OnCallBook } from './on-call-book.ts'
import type { PumpUses } from './pump-uses.ts'
import { batteryUntil, endsAt, matchesFilter, matchesSearch, sortLines, sortOf } from './roster-lines.ts'
import type { RosterLine } from './roster-lines.ts'
import { pumpsIn } from './sight.ts'
import type { Sight } from './sight.ts'

const dayMs = 86_400_000
const shiftEnds = '08:00'
const closedAsked = 500

export interface RosterDependencies {
  readonly picture: Pick<LivePicture, 'pumps' | 'hub'>
  readonly uses: PumpUses
  readonly onCall: Pick<OnCallBook, 'teams' | 'team'>
  readonly deskOf: DeskOf
  readonly facilityTimeZone: string
  readonly clock: Clock
}

/** Who asks; `uses` is a permission. */
export interface RosterAudience {
  readonly sight: Sight
  readonly uses: boolean
}

const blank: ChannelReading = { sample: null, sampledAt: null, receivedAt: null, uncertaintyMs: 0 }

/** All pumps as a list that is searched, filtered and sorted here, so that a page holds a window of it only. */
export class RosterDesk {
  readonly #deps: RosterDependencies
  readonly #facility: TimeZone
  #similar: { readonly of: ReadonlyMap<PumpId, string | null>; readonly labels: SimilarLabels<PumpId> } = {
    of: new Map(),
    labels: new SimilarLabels(),
  }

  constructor(deps: RosterDependencies) {
    this.#deps = deps
    this.#facility = TimeZone.parse(deps.facilityTimeZone)
  }

  ask(query: RosterQuery, audience: RosterAudience): Roster {
    const { picture, onCall, clock } = this.#deps
    const now = clock.now()
    const until = this.#nextShift(now)
    const adherence = this.#adherence(this.#deps.deskOf(audience.sight), now)
    const pumps = pumpsIn(picture, audience.sight)
    const lines = pumps.flatMap((pump) => this.#linesOf(pump, audience, adherence))
    const found = lines.filter(
      (line) => (query.teamId === null || line.team?.teamId === query.teamId) && matchesSearch(line, query.search),
    )
    const judged = found.map((line) => ({ line, matches: matchesFilter(line, query.filter, { now, until }) }))
    const sort = sortOf(query)
    const sorted = sortLines(
      judged.filter(({ matches }) => matches === 'yes').map(({ line }) => line),
      sort,
      query.descending,
    )
    const labels = audience.sight.labels ? this.#similarIn(pumps) : new SimilarLabels<PumpId>()
    return {
      rows: sorted
        .slice(query.offset, query.offset + query.limit)
        .map((line) => this.#rowOf(line, audience, labels, now)),
      offset: query.offset,
      matched: sorted.length,
      total: lines.length,
      untold: judged.filter(({ matches }) => matches === 'untold').length,
      until: query.filter === 'ending' ? until : null,
      teams: audience.uses
        ? onCall
            .teams()
            .filter((teamId) => audience.sight.scope.hasTeam(teamId))
            .map((teamId) => ({ teamId, name: onCall.team(teamId)?.name ?? teamId }))
        : [],
      serverTime: now,
    }
  }

  #linesOf(pump: PumpView, audience: RosterAudience, adherence: ReadonlyMap<PumpId, Adherence>): readonly RosterLine[] {
    const { picture, uses } = this.#deps
    const channels = channelsOf(pump)
    const shared = {
      pump,
      several: channels.length > 1,
      hubName: picture.hub(pump.hubId)?.name ?? pump.hubId,
      team: audience.uses ? uses.team(pump.pumpId) : null,
      adherence: audience.uses ? (adherence.get(pump.pumpId) ?? null) : null,
    }
    return (channels.length === 0 ? [blank] : channels).map((reading) => ({ ...shared, reading }))
  }

  #rowOf(line: RosterLine, audience: RosterAudience, labels: SimilarLabels<PumpId>, now: number): RosterRow {
    const { pump, reading, several, hubName, adherence } = line
    return {
      pump,
      channelId: several ? (reading.sample?.channelId ?? null) : null,
      hubName,
      use: audience.uses ? this.#deps.uses.of(pump.pumpId, now) : null,
      useVersion: audience.uses ? this.#deps.uses.version(pump.pumpId) : null,
      endsAt: endsAt(line),
      batteryUntil: batteryUntil(line),
      adherence,
      alike:
        pump.label === null ? [] : labels.of(pump.pumpId, pump.label).map(({ id, label }) => ({ pumpId: id, label })),
    }
  }

  /** Labels change seldom, and a page asks every few seconds. */
  #similarIn(pumps: readonly PumpView[]): SimilarLabels<PumpId> {
    const known = this.#similar
    const labelled = pumps.filter(({ label }) => label !== null)
    if (labelled.length === known.of.size && labelled.every(({ pumpId, label }) => known.of.get(pumpId) === label))
      return known.labels
    const labels = new SimilarLabels<PumpId>()
    for (const { pumpId, label } of labelled) if (label !== null) labels.add(pumpId, label)
    this.#similar = { of: new Map(labelled.map(({ pumpId, label }) => [pumpId, label])), labels }
    return labels
  }

  #nextShift(now: number): number {
    const today = localDate(this.#facility, now)
    const at = whenClockReaches(this.#facility, today, shiftEnds)
    return at > now ? at : whenClockReaches(this.#facility, daysLater(today, 1), shiftEnds)
  }

  /** By the server's own alarms about plans: a missed start that is over was made late. */
  #adherence(desk: Pick<AlarmDesk, 'list'>, now: number): ReadonlyMap<PumpId, Adherence> {
    const open = desk.list({ state: 'open', limit: Number.MAX_SAFE_INTEGER })
    const closed = desk
      .list({ state: 'closed', limit: closedAsked })
      .filter(({ endedAt }) => (endedAt ?? 0) > now - dayMs)
    const found = new Map<PumpId, Adherence>()
    // the newest first, and what is open before what is over
    for (const alarm of [...open, ...closed]) {
      const word = adherenceOf(alarm)
      if (word !== null && alarm.pumpId !== null && !found.has(alarm.pumpId)) found.set(alarm.pumpId, word)
    }
    return found
  }
}

const adherenceOf = ({ code, condition }: AlarmView): Adherence | null => {
  const goesOn = condition === 'active' || condition === 'unverified'
  if (code === 'missed-start') return goesOn ? 'missed' : 'late'
  return code === 'stopped-early' && goesOn ? 'stopped-early' : null
}
