import type { UserId } from '#domain/ids.ts'
import type { Person, Role } from '#domain/live/views.ts'
import type { OnCallNow } from '#domain/on-call/api.ts'
import { DutyPlace, defaultTeam } from '#domain/on-call/duty.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Instant } from '#domain/time.ts'
import { lookAheadMs } from './on-call-book.ts'
import type { OnCallBook } from './on-call-book.ts'
import { reachOf } from './permissions.ts'
import { reachabilityOf } from './reachability.ts'
import type { ReachabilitySource } from './reachability.ts'

/** The teams a person may see: nurses and leads their own and those they are on duty for, whoever manages people all of them. */
export const teamsSeen = (onCall: OnCallBook, { userId, role }: { userId: UserId; role: Role }): readonly TeamId[] =>
  reachOf(role, 'on-call.view') === 'site' ? onCall.teams() : onCall.seenBy(userId)

/** Null: everything. A team in which there is nobody is everybody's, so it hides nothing (security.md 5). */
export const seesOnly = (
  onCall: OnCallBook,
  { userId, role }: { readonly userId: UserId; readonly role: Role },
): OnCallNow['seesOnly'] => {
  if (reachOf(role, 'live.view') === 'site') return null
  const seen = new Set([defaultTeam, ...onCall.seenBy(userId)])
  if (onCall.teams().every((teamId) => seen.has(teamId) || !onCall.isManned(teamId))) return null
  return [...seen].flatMap((teamId) => (teamId === defaultTeam ? [] : (onCall.team(teamId)?.name ?? [])))
}

export const onCallNow = (
  onCall: OnCallBook,
  reachability: ReachabilitySource,
  asker: Person & { readonly role: Role },
  now: Instant,
): Omit<OnCallNow, 'serverTime'> => {
  const teams = teamsSeen(onCall, asker).flatMap((teamId) => {
    const team = onCall.team(teamId)
    if (team === null) return []
    const gaps = onCall.gapsAhead(teamId, lookAheadMs).map(({ from, to }) => ({ from, to }))
    return [
      {
        teamId,
        name: team.name,
        timeZone: team.rota?.rota.timeZone ?? null,
        duty: onCall.duty(teamId, now),
        nextChangeAt: onCall.nextChange(teamId),
        gaps,
      },
    ]
  })
  const onDuty = teams.flatMap(({ duty }) => DutyPlace.options.flatMap((place) => duty[place] ?? []))
  const shown = new Map(onDuty.map((person) => [person.userId, person]))
  const people = asker.role === 'lead' ? [...shown.values()] : shown.has(asker.userId) ? [asker] : []
  return {
    teams,
    seesOnly: seesOnly(onCall, asker),
    reachability: people.map(({ userId, name }) => reachabilityOf(reachability, { userId, name }, now)),
  }
}
