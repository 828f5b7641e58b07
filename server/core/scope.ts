import type { PumpId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { AlarmSubject } from './ports.ts'

/** What somebody may see (security.md 5): part of every question, never a filter over its answer in the page. */
export interface Scope {
  /** The same for everybody who sees the same. */
  readonly key: string
  /** A team of one's own: its people, rota and hand-over. */
  isOwn(teamId: TeamId): boolean
  /** What this team answers for, which is everybody's where the team is. */
  hasTeam(teamId: TeamId): boolean
  /** As teams are now. */
  has(subject: AlarmSubject): boolean
  /** At some moment of [from, to], as teams were then; ms, server time. */
  had(subject: AlarmSubject, from: number, to: number): boolean
  /** Since when the pump has been in this scope without a break, ms; -Infinity: as long as anybody knows. Null: it is not. */
  since(pumpId: PumpId): number | null
}

export const wholeSite: Scope = {
  key: '*',
  isOwn: () => true,
  hasTeam: () => true,
  has: () => true,
  had: () => true,
  since: () => Number.NEGATIVE_INFINITY,
}

export const subjectOfAlarm = ({ pumpId, hubId }: Pick<AlarmView, 'pumpId' | 'hubId'>): AlarmSubject => {
  if (pumpId !== null) return { kind: 'pump', pumpId }
  return hubId === null ? { kind: 'site' } : { kind: 'hub', hubId }
}

/** An open alarm goes with its pump. One that is closed stays with whoever answered for the pump while it went on. */
export const seesAlarm = (scope: Scope, alarm: AlarmView): boolean => {
  const subject = subjectOfAlarm(alarm)
  if (alarm.condition !== 'closed' && alarm.response !== 'closed') return scope.has(subject)
  return scope.had(subject, alarm.observedAt, Math.max(alarm.observedAt, alarm.endedAt ?? 0, alarm.resolved?.at ?? 0))
}
