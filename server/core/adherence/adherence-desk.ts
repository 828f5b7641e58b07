import { runsInPlans } from '#domain/adherence/planned-stretches.ts'
import type { RunInPlan } from '#domain/adherence/planned-stretches.ts'
import { adherencePolicy } from '#domain/adherence/policy.ts'
import type { Assignment } from '#domain/assignment/assignment.ts'
import type { AdherenceRow, JudgedRunView, PumpAdherence, TeamAdherence } from '#domain/live/adherence.ts'
import type { PumpView } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import { daysLater, localDate, whenClockReaches } from '#domain/on-call/local-calendar.ts'
import type { LocalDate } from '#domain/on-call/local-calendar.ts'
import { TimeZone } from '#domain/on-call/local-time.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { AssignmentBook } from '../assignment-book.ts'
import type { OnCallBook } from '../on-call-book.ts'
import type { LivePicture } from '../live-picture.ts'
import type { TelemetryStore } from '../ports.ts'
import type { PumpEvents } from '../pump-events.ts'
import { pumpsIn } from '../sight.ts'
import type { Sight } from '../sight.ts'
import type { JudgedRuns } from './judged-runs.ts'
import { RunJudge } from './run-judge.ts'

export interface AdherenceDeskDependencies {
  readonly telemetry: Pick<TelemetryStore, 'history'>
  readonly pumpEvents: PumpEvents
  readonly picture: Pick<LivePicture, 'pumps'>
  readonly assignments: Pick<AssignmentBook, 'history' | 'stretch'>
  readonly onCall: Pick<OnCallBook, 'teams' | 'team'>
  readonly judgedRuns: Pick<JudgedRuns, 'of'>
  readonly facilityTimeZone: string
  readonly clock: Clock
  readonly scheduler: Scheduler
}

interface Week {
  readonly days: readonly { readonly date: string; readonly from: number; readonly to: number }[]
  readonly dates: readonly LocalDate[]
  readonly from: number
  readonly to: number
}

interface Planned {
  readonly pump: PumpView
  readonly runs: readonly RunInPlan[]
}

const daysInWeek = 7
/** A plan's own calendar may be a day ahead of the facility's, or behind it. */
const zonesApartMs = 86_400_000
/** So many plans are worked out in one go, about ten milliseconds. */
const pumpsAtOnce = 10
const listHoldsMs = 10_000
const mostLists = 50

/** Planned deliveries against what was heard of them, by the assignment that held and as far as whoever asks may see. */
export class AdherenceDesk {
  readonly #deps: AdherenceDeskDependencies
  readonly #facility: TimeZone
  readonly #judge: RunJudge
  readonly #lists = new Map<string, { readonly at: number; readonly planned: readonly Planned[] }>()

  constructor(deps: AdherenceDeskDependencies) {
    this.#deps = deps
    this.#facility = TimeZone.parse(deps.facilityTimeZone)
    this.#judge = new RunJudge({ ...deps, policy: adherencePolicy })
  }

  /** Rejects when the store does not answer. */
  async ofPump(pump: PumpView, sight: Sight, weeksAgo: number): Promise<PumpAdherence> {
    const now = this.#deps.clock.now()
    const week = this.#week(now, weeksAgo)
    const runs = await this.#judged(await this.#planned(pump, sight, week), week, now)
    return { pumpId: pump.pumpId, days: [...week.days], timeZone: this.#zoneOf(pump), runs, serverTime: now }
  }

  /** Pumps with a plan, in the order of their labels, `limit` of them from `offset` on. Rejects as `ofPump`. */
  async ofTeam({ teamId, weeksAgo, offset, limit }: TeamQuestion, sight: Sight): Promise<TeamAdherence> {
    const { picture, onCall, assignments, clock } = this.#deps
    const now = clock.now()
    const week = this.#week(now, weeksAgo)
    const pumps = pumpsIn(picture, sight).filter(
      ({ pumpId }) => teamId === undefined || assignments.stretch(pumpId)?.details?.teamId === teamId,
    )
    const all = await this.#plannedOf(pumps, sight, week, [sight.key, teamId ?? '', weeksAgo].join(), now)
    const rows: AdherenceRow[] = []
    for (const planned of all.slice(offset, offset + limit)) rows.push(await this.#row(planned, week, now))
    return {
      days: [...week.days],
      rows,
      offset,
      matched: all.length,
      unplanned: pumps.length - all.length,
      teams: onCall
        .teams()
        .filter((id) => sight.scope.hasTeam(id))
        .map((id) => ({ teamId: id, name: onCall.team(id)?.name ?? id })),
      serverTime: now,
    }
  }

  /** In the order of labels. Calendars are slow, and the next few pumps are asked for at once: they are worked out once in a while. */
  async #plannedOf(
    pumps: readonly PumpView[],
    sight: Sight,
    week: Week,
    question: string,
    now: number,
  ): Promise<readonly Planned[]> {
    const known = this.#lists.get(question)
    if (known !== undefined && Math.abs(now - known.at) < listHoldsMs) return known.planned
    const all: Planned[] = []
    for (const [at, pump] of pumps.entries()) {
      if (at % pumpsAtOnce === 0) await this.#breathe()
      if (!this.#mayHavePlan(pump, week)) continue
      const planned = await this.#planned(pump, sight, week)
      if (planned.runs.length > 0) all.push(planned)
    }
    const planned = all.toSorted((a, b) => nameOf(a.pump).localeCompare(nameOf(b.pump), 'en', { numeric: true }))
    if (this.#lists.size >= mostLists) this.#lists.clear()
    this.#lists.set(question, { at: now, planned })
    return planned
  }

  /** Alarms get their turn. */
  #breathe(): Promise<void> {
    return new Promise((resolve) => this.#deps.scheduler.after(0, resolve))
  }

  async #row(planned: Planned, week: Week, now: number): Promise<AdherenceRow> {
    const { pump } = planned
    const { pumpId, label, simulated } = pump
    return {
      pump: { pumpId, label, simulated },
      therapy: this.#deps.assignments.stretch(pumpId)?.details?.therapy ?? null,
      timeZone: this.#zoneOf(pump),
      runs: await this.#judged(planned, week, now),
    }
  }

  #zoneOf({ pumpId }: PumpView): TimeZone {
    return this.#deps.assignments.stretch(pumpId)?.details?.timeZone ?? this.#facility
  }

  /** Without reading what was: it has a plan now, or something was changed since the week began. */
  #mayHavePlan({ pumpId }: PumpView, { from }: Week): boolean {
    const stretch = this.#deps.assignments.stretch(pumpId)
    return stretch !== null && (stretch.details?.plan != null || stretch.validFrom > from)
  }

  /** What was planned while the pump was another team's is that team's: it may have been another patient. */
  async #planned(pump: PumpView, sight: Sight, { from, to }: Week): Promise<Planned> {
    const since = sight.scope.since(pump.pumpId)
    if (since === null) return { pump, runs: [] }
    const history: readonly Assignment[] = await this.#deps.assignments.history(pump.pumpId)
    const span = { from: Math.max(from - zonesApartMs, since), to: to + zonesApartMs }
    const runs = runsInPlans(history, this.#facility, span, adherencePolicy)
    return { pump, runs: runs.map((run) => ({ ...run, from: Math.max(run.from, since) })) }
  }

  async #judged({ pump, runs }: Planned, week: Week, now: number): Promise<JudgedRunView[]> {
    const views: JudgedRunView[] = []
    for (const planned of runs) {
      const { run, timeZone, from, to, cutAt } = planned
      const date = localDate(timeZone, run.startsAt)
      const day = week.dates.findIndex((one) => one.equals(date))
      if (day === -1) continue
      const key = [run.startsAt, run.endsAt, run.volumeMl, from, to].join()
      const kept = await this.#deps.judgedRuns.of(pump.pumpId, key, to, async () => {
        await this.#breathe()
        return this.#judge.judge(pump, planned, now)
      })
      const { startsAt, endsAt, volumeMl: plannedMl } = run
      views.push({ startsAt, endsAt, plannedMl, day, cutAt, ...kept, gaps: [...kept.gaps] })
    }
    return views
  }

  #week(now: number, weeksAgo: number): Week {
    const today = localDate(this.#facility, now)
    const dates = Array.from({ length: daysInWeek }, (_, index) =>
      daysLater(today, index + 1 - daysInWeek * (weeksAgo + 1)),
    )
    const midnight = (date: LocalDate): number => whenClockReaches(this.#facility, date, '00:00')
    const days = dates.map((date) => ({
      date: date.toString(),
      from: midnight(date),
      to: midnight(daysLater(date, 1)),
    }))
    const [from, to] = [days[0]?.from ?? now, days.at(-1)?.to ?? now]
    return { days, dates, from, to }
  }
}

export interface TeamQuestion {
  readonly teamId?: TeamId | undefined
  readonly weeksAgo: number
  readonly offset: number
  readonly limit: number
}

const nameOf = ({ label, pumpId }: PumpView): string => label ?? pumpId
