import { AlarmFactsBook, type AlarmFacts } from '#domain/analytics/alarm-facts.ts'
import { publishedBaselines } from '#domain/analytics/baselines.ts'
import { burdenOf } from '#domain/analytics/burden.ts'
import { loadOf } from '#domain/analytics/load.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { Analytics, AnalyticsGroup } from '#domain/live/analytics.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import type { Instant, Scheduler } from '#domain/time.ts'
import { KeyedQueue } from './keyed-queue.ts'
import type { AlarmSubject } from './ports.ts'

const waiting = 4
const firstNightHour = 22
const firstDayHour = 6

/** The journal as analytics reads it: in pages, each short enough for alarms to come in between. */
export interface AnalyticsSource {
  /** Without reports, in the order of commits, from that time on. Each page holds up to some hundred events. */
  alarmEvents(from: Instant): Iterable<readonly { readonly subject: AlarmSubject; readonly event: AlarmEvent }[]>
  /** Which alarms each page of [from, to) was about. */
  pages(from: Instant, to: Instant): readonly (readonly EpisodeId[])[]
}

export interface AnalyticsDependencies {
  readonly source: AnalyticsSource
  readonly scheduler: Scheduler
  readonly now: () => Instant
  /** As each pump's hub reported it last; null: not known. */
  readonly firmware: () => Promise<ReadonlyMap<PumpId, string | null>>
  readonly teamOf: (pumpId: PumpId) => string | null
  /** Of the patient's home, else the facility's. */
  readonly timeZoneOf: (pumpId: PumpId | null) => string
}

export interface AnalyticsQuestion {
  readonly from: Instant
  readonly to: Instant
  readonly by: AnalyticsGroup
  readonly simulated: boolean
}

export interface AlarmAnalytics {
  /** Rejects with `SRV_BUSY` when too many ask. */
  ask(question: AnalyticsQuestion): Promise<Omit<Analytics, 'serverTime'>>
}

export const createAnalytics = (deps: AnalyticsDependencies): AlarmAnalytics => {
  const queue = new KeyedQueue(waiting)
  const breathe = (): Promise<void> => new Promise((resolve) => deps.scheduler.after(0, resolve))
  const hours = new Map<string, Intl.DateTimeFormat>()

  const hourIn = (timeZone: string, at: number): number => {
    const clock =
      hours.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' })
    hours.set(timeZone, clock)
    return Number(clock.format(at))
  }
  const isNight = ({ pumpId, startedAt }: AlarmFacts): boolean => {
    const hour = hourIn(deps.timeZoneOf(pumpId), startedAt)
    return hour >= firstNightHour || hour < firstDayHour
  }
  const keyOf = (
    { code, pumpId }: AlarmFacts,
    by: AnalyticsGroup,
    firmware: ReadonlyMap<PumpId, string | null>,
  ): string => {
    switch (by) {
      case 'code':
        return code
      case 'pump':
        return pumpId ?? '-'
      case 'firmware':
        return (pumpId === null ? null : firmware.get(pumpId)) ?? '-'
      case 'team':
        return (pumpId === null ? null : deps.teamOf(pumpId)) ?? '-'
    }
  }

  const answer = async ({ from, to, by, simulated }: AnalyticsQuestion): Promise<Omit<Analytics, 'serverTime'>> => {
    const book = new AlarmFactsBook()
    for (const page of deps.source.alarmEvents(from)) {
      for (const { subject, event } of page) book.take(subject.kind === 'pump' ? subject.pumpId : null, event)
      await breathe()
    }
    const alarms = book.all().filter((one) => one.simulated === simulated && one.toldAt >= from && one.toldAt < to)
    const paged = deps.source.pages(from, to)
    const firmware = await deps.firmware()
    const burden = (key: string, some: readonly AlarmFacts[]) => {
      const ids = new Set(some.map(({ episodeId }) => episodeId))
      const pages = paged.filter((about) => about.some((episodeId) => ids.has(episodeId))).length
      return burdenOf(key, some, isNight, pages, deps.now())
    }
    const rows = [...Map.groupBy(alarms, (one) => keyOf(one, by, firmware))].map(([key, some]) => burden(key, some))
    return {
      from,
      to,
      by,
      simulated,
      total: burden('all', alarms),
      load: loadOf(
        alarms.map((one) => ({ ...one, team: keyOf(one, 'team', firmware) })),
        from,
        to,
      ),
      rows: rows.toSorted((a, b) => b.alarms - a.alarms || (a.key < b.key ? -1 : 1)),
      baselines: [...publishedBaselines],
    }
  }

  return { ask: (question) => queue.run('analytics', () => answer(question)) }
}
