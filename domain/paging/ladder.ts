import type { UserId } from '../ids.ts'
import type { Person } from '../live/views.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import { asked, isPassed, type Attempt } from './attempts.ts'
import type { PassReason } from './events.ts'
import { places, type AskedAlarm, type PagingFacts } from './facts.ts'
import type { PagingLog } from './log.ts'
import { noticeOf, type Notice } from './noticed.ts'
import type { Ladder, PagingPolicy } from './policy.ts'

/** One place on the way from the nurse on call to the lead. */
export interface Rung {
  readonly place: DutyPlace
  readonly person: Person | null
  /** Why the person is not asked; null: she is. */
  readonly passReason: PassReason | null
  /** From then on this place is asked. */
  readonly dueAt: number
  /** From then on the next place is asked as well, whatever the table says. */
  readonly givesWayAt: number
  /** When something is to be done here next; Infinity: nothing as long as nothing changes. */
  readonly actsAt: number
  /** Nobody here can be expected to answer. */
  readonly isUnreachable: boolean
}

export interface LadderFacts {
  readonly duty: PagingFacts['duty']
  readonly alarms: readonly AskedAlarm[]
  readonly log: PagingLog
  readonly attempts: readonly Attempt[]
  /** When the first page was due. */
  readonly from: number
}

/** She has said of each of these that she cannot take it. */
export const declinedAll = ({ alarms, log }: Pick<LadderFacts, 'alarms' | 'log'>, userId: UserId): boolean =>
  alarms.every(({ episodeId, since, lapsedAt }) =>
    log.declined.some(
      (one) => one.by === userId && one.episodeId === episodeId && one.at >= Math.max(since, lapsedAt ?? -Infinity),
    ),
  )

/** Each receipt that is missing brings the next place forward; none puts it off. */
const noticedUntil = (first: Attempt, notice: Notice, ladder: Ladder): number => {
  switch (notice) {
    case 'viewed':
      return Infinity
    case 'heard':
      return first.at + ladder.notViewedMs
    case 'none':
      return first.at + ladder.notAudibleMs
  }
}

const tableMs = (ladder: Ladder, place: DutyPlace): number =>
  ({ primary: 0, backup: ladder.backupMs, lead: ladder.leadMs })[place]

const lastTo = (attempts: readonly Attempt[], userId: UserId): Attempt | undefined =>
  attempts.findLast((attempt) => attempt.userId === userId)

const rungOf = (facts: LadderFacts, ladder: Ladder, place: DutyPlace, dueAt: number): Rung => {
  const { attempts, log } = facts
  const askable = facts.duty[place]
  const { person } = askable
  const declined = person !== null && declinedAll(facts, person.userId)
  const passReason = person === null ? askable.reason : declined ? 'declined' : null
  if (person === null || passReason !== null) {
    const actsAt = isPassed(attempts, place) ? Infinity : dueAt
    return { place, person, passReason, dueAt, givesWayAt: dueAt, actsAt, isUnreachable: true }
  }
  const here = asked(attempts, person.userId, place)
  const [first] = here
  const last = lastTo(attempts, person.userId)
  const againMs = place === 'primary' ? ladder.againMs : ladder.leadAgainMs
  const actsAt = first === undefined || last === undefined ? dueAt : last.at + againMs
  const failedAt = here.find((attempt) => attempt.failedAt !== null)?.failedAt ?? Infinity
  const unnoticedAt =
    first === undefined ? Infinity : noticedUntil(first, noticeOf(log, person.userId, facts.alarms, first.at), ladder)
  return {
    place,
    person,
    passReason,
    dueAt,
    givesWayAt: Math.min(failedAt, unnoticedAt),
    actsAt,
    isUnreachable: last !== undefined && last.failedAt !== null,
  }
}

/** The three places, each due by the table or as soon as the one before it gives way. */
export const rungsOf = (facts: LadderFacts, ladder: Ladder): readonly Rung[] => {
  const rungs: Rung[] = []
  for (const place of places) {
    const before = rungs.at(-1)
    const dueAt = Math.min(facts.from + tableMs(ladder, place), before?.givesWayAt ?? Infinity)
    rungs.push(rungOf(facts, ladder, place, dueAt))
  }
  return rungs
}

/** Whoever exists is asked in spite of everything when nobody can be reached: the lead first. Null: somebody can, or nobody is there. */
export const lastResort = (
  rungs: readonly Rung[],
  attempts: readonly Attempt[],
  policy: PagingPolicy,
): { readonly place: DutyPlace; readonly person: Person; readonly actsAt: number } | null => {
  if (!rungs.every(({ isUnreachable }) => isUnreachable)) return null
  const there = rungs.findLast(({ person, passReason }) => person !== null && passReason !== 'other-name-space')
  if (there?.person === undefined || there.person === null) return null
  const actsAt = (attempts.at(-1)?.at ?? Infinity) + policy.exhaustedAgainMs
  return { place: there.place, person: there.person, actsAt }
}
