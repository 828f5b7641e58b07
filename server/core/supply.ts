import { channelsOf } from '#domain/live/channels.ts'
import { supplyGroups } from '#domain/live/supply-kinds.ts'
import type { SupplyGroup } from '#domain/live/supply-kinds.ts'
import type { Supply, SupplyRow } from '#domain/live/supply.ts'
import type { ChannelReading, PumpView } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import { forecast } from '#domain/supply/forecast.ts'
import type { Forecast } from '#domain/supply/forecast.ts'
import { nextBag } from '#domain/supply/next-bag.ts'
import type { NextBag } from '#domain/supply/next-bag.ts'
import type { Clock } from '#domain/time.ts'
import type { LivePicture } from './live-picture.ts'
import type { OnCallBook } from './on-call-book.ts'
import type { PumpUses } from './pump-uses.ts'
import { pumpsIn } from './sight.ts'
import type { Sight } from './sight.ts'

export interface SupplyDependencies {
  readonly picture: Pick<LivePicture, 'pumps'>
  readonly uses: PumpUses
  readonly onCall: Pick<OnCallBook, 'teams' | 'team'>
  readonly clock: Clock
}

export interface SupplyQuestion {
  readonly teamId?: TeamId | undefined
  readonly offset: number
  readonly limit: number
}

const blank: ChannelReading = { sample: null, sampledAt: null, receivedAt: null, uncertaintyMs: 0 }

/** What runs out first, by what pumps told last and by their plans. */
export class SupplyDesk {
  readonly #deps: SupplyDependencies

  constructor(deps: SupplyDependencies) {
    this.#deps = deps
  }

  ask({ teamId, offset, limit }: SupplyQuestion, sight: Sight): Supply {
    const { picture, uses, onCall, clock } = this.#deps
    const now = clock.now()
    const all = pumpsIn(picture, sight)
      .filter(({ pumpId }) => teamId === undefined || uses.team(pumpId)?.teamId === teamId)
      .flatMap((pump) => this.#rowsOf(pump, now))
    const rows = all.filter((row) => row !== null).toSorted(bySupply)
    const counted = supplyGroups.map((group) => [group, rows.filter((row) => row.group === group).length] as const)
    return {
      rows: rows.slice(offset, offset + limit),
      offset,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every group is in it
      counts: Object.fromEntries(counted) as Record<SupplyGroup, number>,
      idle: all.length - rows.length,
      teams: onCall
        .teams()
        .filter((id) => sight.scope.hasTeam(id))
        .map((id) => ({ teamId: id, name: onCall.team(id)?.name ?? id })),
      serverTime: now,
    }
  }

  /** Null: nothing runs and nothing is planned. */
  #rowsOf(pump: PumpView, now: number): readonly (SupplyRow | null)[] {
    const channels = channelsOf(pump)
    return (channels.length === 0 ? [blank] : channels).map((reading) =>
      this.#row(pump, reading, channels.length > 1, now),
    )
  }

  #row(pump: PumpView, reading: ChannelReading, several: boolean, now: number): SupplyRow | null {
    const { pumpId, label, simulated, statusIntervalMs } = pump
    const { sample, sampledAt } = reading
    const use = this.#deps.uses.of(pumpId, now)
    const told = forecast({ reading, statusIntervalMs, now })
    const bag = nextBag(told.end, use?.run ?? null, use?.nextRun ?? null)
    const group = groupOf(told, bag, use !== null)
    if (group === null) return null
    return {
      pump: { pumpId, label, simulated },
      channelId: several ? (sample?.channelId ?? null) : null,
      group,
      state: sample?.operatingState ?? 'unknown',
      drugLabel: sample?.drugLabel ?? null,
      therapy: use?.therapy ?? null,
      timeZone: use?.timeZone ?? null,
      heardAt: sampledAt,
      rateMlPerHour: sample?.rateMlPerHour ?? null,
      nextBag: bag,
      run: use?.run ?? null,
      ...told,
    }
  }
}

const groupOf = ({ end, battery, runsOut }: Forecast, bag: NextBag | null, isUsed: boolean): SupplyGroup | null => {
  switch (end.how) {
    case 'at':
      return 'runs-out'
    case 'stands':
      return 'stands'
    case 'keeps-open':
      return runsOut === null ? 'not-known' : 'runs-out'
    case 'not-told':
      if (runsOut !== null) return 'runs-out'
      // A pump that nobody uses and nobody hears is a matter of its hub.
      return end.why === 'not-heard' && !isUsed ? null : 'not-known'
    case 'nothing-runs':
      if (battery.how === 'until' && bag !== null && battery.at < bag.at) return 'runs-out'
      return bag === null ? null : 'next-start'
  }
}

/** Groups in their order; in each what is soonest first, and what says nothing of time by its label. */
const bySupply = (a: SupplyRow, b: SupplyRow): number =>
  supplyGroups.indexOf(a.group) - supplyGroups.indexOf(b.group) ||
  timeOf(a) - timeOf(b) ||
  (a.pump.label ?? a.pump.pumpId).localeCompare(b.pump.label ?? b.pump.pumpId, 'en', { numeric: true })

const timeOf = ({ group, runsOut, nextBag: bag, heardAt }: SupplyRow): number => {
  switch (group) {
    case 'runs-out':
      return runsOut?.at ?? Number.MAX_SAFE_INTEGER
    case 'next-start':
      return bag?.at ?? Number.MAX_SAFE_INTEGER
    case 'stands':
      return heardAt ?? 0
    // What was not heard for longest is least known.
    case 'not-known':
      return heardAt ?? 0
  }
}
