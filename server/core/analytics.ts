import { AlarmFactsBook, type AlarmFacts } from '#domain/analytics/alarm-facts.ts'
import { publishedBaselines } from '#domain/analytics/baselines.ts'
import { burdenOf } from '#domain/analytics/burden.ts'
import { loadOf } from '#domain/analytics/load.ts'
import { detailsAt } from '#domain/assignment/assignment.ts'
import type { Assignment, AssignmentDetails } from '#domain/assignment/assignment.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AlarmBurden, Analytics, AnalyticsGroup } from '#domain/live/analytics.ts'
import { PumpId } from '#domain/ids.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Instant, Scheduler } from '#domain/time.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { longestCountedMs, mostCounted } from './expected-readings.ts'
import type { Span } from './expected-readings.ts'
import type { AlarmSubject } from './ports.ts'
import type { Scope } from './scope.ts'

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
  readonly firmware: () => ReadonlyMap<PumpId, readonly FirmwareSince[]>
  /** Every stretch of a pump's life, oldest first. */
  readonly assignments: (pumpId: PumpId) => Promise<readonly Assignment[]>
  readonly facilityTimeZone: string
  /** Stored readings of those expected; null: not known. */
  readonly completeness: (pumpId: PumpId, span: Span, alarms: readonly AlarmFacts[]) => Promise<number | null>
}

/** A pump told this firmware from `since` on, server time, ms. */
export interface FirmwareSince {
  readonly since: number
  readonly firmware: string
}

export interface AnalyticsQuestion {
  readonly from: Instant
  readonly to: Instant
  readonly by: AnalyticsGroup
  readonly simulated: boolean
}

/** An alarm with what its pump was when the server was told. */
interface Placed {
  readonly facts: AlarmFacts
  readonly firmware: string | null
  readonly use: AssignmentDetails | null
}

export interface AlarmAnalytics {
  /** Counts the alarms of that scope, as teams were when they were told. Rejects with `SRV_BUSY` when too many ask. */
  ask(question: AnalyticsQuestion, scope: Scope): Promise<Omit<Analytics, 'serverTime'>>
}

const keyOf = ({ facts: { code, pumpId }, firmware, use }: Placed, by: AnalyticsGroup): string => {
  switch (by) {
    case 'code':
      return code
    case 'pump':
      return pumpId ?? '-'
    case 'firmware':
      return firmware ?? '-'
    case 'team':
      return use?.teamId ?? '-'
  }
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
  const isNight = ({ facts, use }: Placed): boolean => {
    const hour = hourIn(use?.timeZone ?? deps.facilityTimeZone, facts.startedAt)
    return hour >= firstNightHour || hour < firstDayHour
  }
  /** With what the pump was at that time: a pump that has moved since takes no alarm along. */
  const placed = async (alarms: readonly AlarmFacts[]): Promise<readonly Placed[]> => {
    const firmware = deps.firmware()
    const all: Placed[] = []
    for (const [pumpId, some] of Map.groupBy(alarms, (one) => one.pumpId)) {
      const stretches = pumpId === null ? [] : await deps.assignments(pumpId)
      const told = (pumpId === null ? undefined : firmware.get(pumpId)) ?? []
      for (const facts of some)
        all.push({
          facts,
          firmware: told.findLast(({ since }) => since <= facts.toldAt)?.firmware ?? null,
          use: detailsAt(stretches, facts.toldAt),
        })
    }
    return all
  }
  const counted = async (rows: readonly AlarmBurden[], span: Span, book: AlarmFactsBook) => {
    const pumps = span.to - span.from > longestCountedMs ? [] : rows.slice(0, mostCounted)
    const known = new Map<string, number | null>()
    for (const { key } of pumps) {
      const pumpId = PumpId.safeParse(key)
      if (key !== '-' && pumpId.success) known.set(key, await deps.completeness(pumpId.data, span, book.all()))
    }
    return rows.map((row) => ({ ...row, completenessPercent: known.get(row.key) ?? null }))
  }

  const answer = async (
    { from, to, by, simulated }: AnalyticsQuestion,
    scope: Scope,
  ): Promise<Omit<Analytics, 'serverTime'>> => {
    const book = new AlarmFactsBook()
    for (const page of deps.source.alarmEvents(from)) {
      for (const { subject, event } of page)
        if (subject.kind === 'pump' || scope.has(subject))
          book.take(subject.kind === 'pump' ? subject.pumpId : null, event)
      await breathe()
    }
    const wanted = book
      .all()
      .filter((one) => one.simulated === simulated && one.toldAt >= from && one.toldAt < to)
      .filter(({ pumpId, toldAt }) => pumpId === null || scope.had({ kind: 'pump', pumpId }, toldAt, toldAt))
    const alarms = await placed(wanted)
    const nights = new Set(alarms.filter(isNight).map(({ facts }) => facts))
    const paged = deps.source.pages(from, to)
    const burden = (key: string, some: readonly Placed[]) => {
      const facts = some.map((one) => one.facts)
      const ids = new Set(facts.map(({ episodeId }) => episodeId))
      const pages = paged.filter((about) => about.some((episodeId) => ids.has(episodeId))).length
      return burdenOf(key, facts, (one) => nights.has(one), pages, deps.now())
    }
    const rows = [...Map.groupBy(alarms, (one) => keyOf(one, by))]
      .map(([key, some]) => burden(key, some))
      .toSorted((a, b) => b.alarms - a.alarms || (a.key < b.key ? -1 : 1))
    return {
      from,
      to,
      by,
      simulated,
      total: burden('all', alarms),
      load: loadOf(
        alarms.map((one) => ({ ...one.facts, team: keyOf(one, 'team') })),
        from,
        to,
      ),
      rows: by === 'pump' ? await counted(rows, { from, to }, book) : rows,
      baselines: [...publishedBaselines],
    }
  }

  return { ask: (question, scope) => queue.run('analytics', () => answer(question, scope)) }
}
